-- Notes the revision of the traffic rules that an instance runs. The note leaves with the lease.
-- ARGV  6 key, 7 token, 8 revision
local key, token, revision = unpack(ARGV, 6)
local state = lease_state(key, read(key), token)
if state == 'HELD' then
  redis.call('HSET', RULERUN, key, revision)
end
return answer(state)
