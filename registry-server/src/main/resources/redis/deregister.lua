-- Ends a lease at its holder's wish.
-- ARGV  6 key, 7 token
local key, token = ARGV[6], ARGV[7]
local current = read(key)
if not current then
  -- Not superseded, even if it was ended before: who leaves twice has left.
  return answer('UNKNOWN')
end
if current.token ~= token then
  return answer('SUPERSEDED')
end
bury(key, current.fence)
remove(key, current, 'DEREGISTERED')
commit()
return answer('HELD')
