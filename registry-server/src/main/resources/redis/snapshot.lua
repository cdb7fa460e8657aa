-- Returns the age of the epoch (ms), and all instances and overrides at one point of its history. Returns only the age
-- if there are more instances than one response should hold: the server then reads them in pages.
-- ARGV  6 the maximum number of instances in one response
local age = int(now - began)
if redis.call('HLEN', INST) > tonumber(ARGV[6]) then
  return answer(age)
end
return answer(age, redis.call('HGETALL', INST), redis.call('HGETALL', OVR))
