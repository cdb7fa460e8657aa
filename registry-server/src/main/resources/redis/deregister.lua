-- Ends a lease at its holder's wish.
-- ARGV  6 key, 7 token, 8 how many ms ago it wished so; a lease that was renewed since goes on
local key, token, age = ARGV[6], ARGV[7], tonumber(ARGV[8])
local current = read(key)
if not current then
  -- Not superseded, even if it was ended before: who leaves twice has left.
  return answer('UNKNOWN')
end
if not holds(current, token) then
  return answer('SUPERSEDED')
end
if age > 0 and (tonumber(redis.call('ZSCORE', LEASE, key)) or 0) - current.ttl > now - age then
  return answer('UNKNOWN')
end
take(current, token)
bury(key, current.fence)
remove(key, current, 'DEREGISTERED')
commit()
return answer('HELD')
