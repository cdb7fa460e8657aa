-- Sets the status that an instance reports of itself, and renews its lease.
-- ARGV  6 key, 7 token, 8 status
local key, token, status = unpack(ARGV, 6)
local current = read(key)
local state = lease_state(key, current, token)
if state == 'HELD' then
  prolong(key, current.ttl)
  local taken = current.token == ''
  take(current, token)
  if current.status ~= status or current.suspect ~= 0 or taken then
    current.status, current.suspect = status, 0
    put(key, current, current)
  end
end
commit()
return answer(state)
