-- Sets the instance's own word on whether it wants calls, and renews its lease.
-- ARGV  4 key, 5 token, 6 status
local key, token, status = unpack(ARGV, 4)
local current = read(key)
local state = lease_state(key, current, token)
if state == 'HELD' then
  prolong(key, current.ttl)
  if current.status ~= status then
    current.status = status
    write(key, current)
    tell(key, current)
  end
end
return answer(state)
