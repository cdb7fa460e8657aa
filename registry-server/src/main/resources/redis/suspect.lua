-- Makes an incarnation a suspect, or clears it. A suspect whose renewal is missing stays one until it renews.
-- ARGV  6 key, 7 fence, 8 'DOUBT' or 'CLEAR'
local key, fence, doubt = ARGV[6], tonumber(ARGV[7]), ARGV[8] == 'DOUBT'
local current = read(key)
if not current or current.fence ~= fence or (current.suspect ~= 0) == doubt then
  return answer('UNKNOWN')
end
if not doubt and tonumber(redis.call('ZSCORE', LEASE, key) or 0) - now < current.ttl / 2 then
  return answer('UNKNOWN')
end
current.suspect = doubt and now or 0
put(key, current, current)
commit()
return answer('HELD')
