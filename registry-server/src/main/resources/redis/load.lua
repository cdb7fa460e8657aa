-- Restores what a backup holds and this namespace lacks: an instance that holds the id, or a later override, is newer.
-- ARGV  from 6 on, for each: key, fence or '' if there was no instance, ttl in ms, status, instance, override or ''
-- Returns the numbers of instances and of overrides that were restored.
local SIZE = 6
local instances, overrides = 0, 0
for i = 6, #ARGV, SIZE do
  local key, fence, ttl, status, body, override = unpack(ARGV, i, i + SIZE - 1)
  local current, known = read(key), redis.call('HGET', OVR, key)
  if override ~= '' and not known and remembered(key .. OVERRIDE) == 0 then
    redis.call('HSET', OVR, key, override)
    known, overrides = override, overrides + 1
    if current then
      put(key, current, current, false, known)
    end
  end
  local number = is_credible(tonumber(fence) or 0) and tonumber(fence) or 0
  if fence ~= '' and not current and not has_left(key, number) then
    local it = { fence = number, ttl = ttl, suspect = '0', token = '', status = status, body = body }
    prolong(key, ttl)
    put(key, it, nil, false, known)
    last_fence = math.max(last_fence, number)
    instances = instances + 1
  end
end
if instances > 0 then
  redis.call('HSET', EPOCH, 'fence', int(last_fence))
end
commit()
return answer(instances, overrides)
