-- Registers an instance, updates it, or renews its lease.
-- ARGV  4 key, 5 the caller's token or '', 6 secret for a new token, 7 ttl in ms, 8 status, 9 instance
local key, token, secret, ttl, status, body = unpack(ARGV, 4)
ttl = tonumber(ttl)
local current = read(key)

if current and current.token == token then
  local changed = current.status ~= status or current.body ~= body
  if changed or current.ttl ~= ttl then
    current.status, current.body, current.ttl = status, body, ttl
    write(key, current)
  end
  prolong(key, ttl)
  if changed then
    tell(key, current)
  end
  return answer(changed and 'UPDATED' or 'RENEWED', int(current.fence), token)
end

if token ~= '' and is_fenced(key, current and current.fence or 0, token) then
  return answer('SUPERSEDED')
end

-- A new incarnation. Its fence is above all that this namespace or the caller knows, also when the clock went back.
if current then
  bury(key, current.fence)
end
local fence = math.max(now, last_fence + 1, fence_of(token) + 1)
redis.call('HSET', EPOCH, 'fence', int(fence))
local it = { fence = fence, ttl = ttl, token = int(fence) .. '-' .. secret, status = status, body = body }
write(key, it)
prolong(key, ttl)
tell(key, it)
return answer(current and 'TAKEN_OVER' or 'CREATED', int(fence), it.token)
