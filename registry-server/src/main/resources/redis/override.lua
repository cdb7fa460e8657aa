-- Sets or removes an operator's override. It belongs to the id, not to an incarnation.
-- ARGV  6 key, 7 override or ''
local key, override = ARGV[6], ARGV[7]
local current, before = read(key), redis.call('HGET', OVR, key) or ''
if not current and before == '' then
  return answer('UNKNOWN')
end
if override ~= before then
  if override == '' then
    redis.call('HDEL', OVR, key)
    redis.call('ZADD', TOMB, int(now), key .. OVERRIDE)
  else
    redis.call('HSET', OVR, key, override)
  end
  if current then
    put(key, current, current)
  end
end
commit()
return answer('HELD')
