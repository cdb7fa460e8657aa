-- Renews many leases. The most frequent script by far: two commands for all of them, and no visible change, except for
-- suspects and for instances from a backup.
-- ARGV  6 key, 7 token, 8 key, 9 token, ...
-- Returns one letter a lease: H held, U unknown, S superseded.
local SHORT = '^{"fence":(%d+),"ttl":(%d+),"at":"[^"]*","suspect":(%d+),"token":"([^"]*)"'
local keys = {}
for i = 6, #ARGV, 2 do
  keys[#keys + 1] = ARGV[i]
end
local values = redis.call('HMGET', INST, unpack(keys))
local states, scores, cleared = {}, {}, {}
for i, key in ipairs(keys) do
  local token = ARGV[2 * i + 5]
  local fence, ttl, suspect, holder
  if values[i] then
    fence, ttl, suspect, holder = values[i]:match(SHORT)
  end
  local unclaimed = holder == '' and holds(parse(values[i]), token)
  if holder == token or unclaimed then
    scores[#scores + 1] = int(now + ttl)
    scores[#scores + 1] = key
    states[i] = 'H'
    if suspect ~= '0' or unclaimed then
      cleared[key] = take(parse(values[i]), token)
    end
  else
    states[i] = is_fenced(key, tonumber(fence) or 0, token) and 'S' or 'U'
  end
end
if #scores > 0 then
  redis.call('ZADD', LEASE, unpack(scores))
end
for key, it in pairs(cleared) do
  it.suspect = 0
  put(key, it, it)
end
commit()
return answer(table.concat(states))
