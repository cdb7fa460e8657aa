-- Renews many leases. The most frequent script by far: two commands for all of them, and no visible change.
-- ARGV  4 key, 5 token, 6 key, 7 token, ...
-- Answers one letter a lease: H held, U unknown, S superseded.
local keys = {}
for i = 4, #ARGV, 2 do
  keys[#keys + 1] = ARGV[i]
end
local values = redis.call('HMGET', INST, unpack(keys))
local states, scores = {}, {}
for i, key in ipairs(keys) do
  local token = ARGV[2 * i + 3]
  local fence, ttl, holder
  if values[i] then
    fence, ttl, holder = values[i]:match(HEAD)
  end
  if holder == token then
    scores[#scores + 1] = int(now + ttl)
    scores[#scores + 1] = key
    states[i] = 'H'
  else
    states[i] = is_fenced(key, tonumber(fence) or 0, token) and 'S' or 'U'
  end
end
if #scores > 0 then
  redis.call('ZADD', LEASE, unpack(scores))
end
return answer(table.concat(states))
