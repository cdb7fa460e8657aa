-- Registers an instance, updates it, or renews its lease.
-- ARGV  6 key, 7 the caller's token or '', 8 secret of the caller's incarnation, 9 ttl in ms, 10 status, 11 instance
local key, token, secret, ttl, status, body = unpack(ARGV, 6)
ttl = tonumber(ttl)
local current = read(key)

-- By its secret it is known, too: the answer that brought the token may have been lost on its way.
if current and (current.token == token or secret_of(current.token) == secret) then
  local changed = current.status ~= status or current.body ~= body or current.suspect ~= 0
  local it = { fence = current.fence, ttl = ttl, suspect = 0, token = current.token, status = status, body = body,
    epoch = current.epoch, revision = current.revision }
  if changed then
    put(key, it, current)
  elseif current.ttl ~= ttl then
    write(key, it)
  end
  prolong(key, ttl)
  return answer(changed and 'UPDATED' or 'RENEWED', int(it.fence), it.token)
end

if token ~= '' and is_fenced(key, current and current.fence or 0, token) then
  return answer('SUPERSEDED')
end

-- A new incarnation. Its fence is above all that this namespace or the caller knows, also when the clock went back; but
-- no clock goes back by years, and a token that was made up must not raise all fences that follow.
if current then
  bury(key, current.fence)
end
local shown = fence_of(token)
local fence = math.max(now, last_fence + 1, shown <= now + 31536000000 and shown + 1 or 0)
redis.call('HSET', EPOCH, 'fence', int(fence))
local it = { fence = fence, ttl = ttl, suspect = 0, token = int(fence) .. '-' .. secret, status = status, body = body }
prolong(key, ttl)
put(key, it, current)
return answer(current and 'TAKEN_OVER' or 'CREATED', int(fence), it.token)
