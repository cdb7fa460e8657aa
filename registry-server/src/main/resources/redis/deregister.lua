-- Ends a lease because its holder deregisters.
-- ARGV  6 key, 7 token, 8 how many ms ago the holder asked for it; a lease that was renewed since is kept
local key, token, age = ARGV[6], ARGV[7], tonumber(ARGV[8])
local current = read(key)
if not current then
  -- Not superseded, even if the lease was ended before: a second deregistration succeeds like the first.
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
