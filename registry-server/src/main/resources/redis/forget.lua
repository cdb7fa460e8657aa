-- Forgets a namespace that holds nothing, also no rule that was deleted within 30 days, and that nothing has left for
-- ten minutes. Its epoch and revision stay for a day, so that a registration continues its history.
local DAY = 86400000
if n == '0' or redis.call('EXISTS', INST, OVR, RULES) > 0
  or redis.call('ZCOUNT', TOMB, int(now - 600000), '+inf') > 0
  or redis.call('ZCOUNT', RULEGONE, int(now - 30 * DAY), '+inf') > 0 then
  return answer('UNKNOWN')
end
redis.call('DEL', LEASE, TOMB, FEED, COUNT, EVICTED, RULEGONE, RULEPAST, RULERUN)
redis.call('HSET', EPOCH, 'forgotten', int(now))
redis.call('PEXPIRE', EPOCH, int(DAY))
redis.call('PEXPIRE', REV, int(DAY))
return answer('HELD')
