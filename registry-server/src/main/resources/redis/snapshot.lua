-- Everything there is at one place in history, and how old that history is. Where that is more than one answer should
-- hold, only the place and the age: the rest is read bit by bit.
-- ARGV  6 how many instances one answer holds
local age = int(now - began)
if redis.call('HLEN', INST) > tonumber(ARGV[6]) then
  return answer(age)
end
return answer(age, redis.call('HGETALL', INST), redis.call('HGETALL', OVR))
