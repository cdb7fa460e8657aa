-- Returns the age of the epoch (ms), all rules, those that were deleted lately, and the origin of the rules; then all
-- instances and overrides at the same point of history, unless there are more instances than one response should hold:
-- the server then reads them in pages.
-- ARGV  6 the maximum number of instances in one response
local age, origin = int(now - began), redis.call('HGET', EPOCH, 'ruleOrigin') or ''
local rules, gone = redis.call('HGETALL', RULES), redis.call('ZRANGE', RULEGONE, 0, -1, 'WITHSCORES')
if redis.call('HLEN', INST) > tonumber(ARGV[6]) then
  return answer(age, rules, gone, origin)
end
return answer(age, rules, gone, origin, redis.call('HGETALL', INST), redis.call('HGETALL', OVR))
