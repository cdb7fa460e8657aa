-- Evicts instances whose lease has ended. All that it decides on stands in Redis, so any number of servers may call it.
-- ARGV  4 how many leases to look at
local sweep = redis.call('HMGET', EPOCH, 'lastSweep', 'graceFrom')
local grace_from = tonumber(sweep[2]) or now
-- Nobody swept: Redis or all servers were away, so nobody could renew either.
if now - (tonumber(sweep[1]) or now) > 3000 then
  grace_from = now
end
if redis.call('EXISTS', EPOCH) == 1 then
  redis.call('HSET', EPOCH, 'lastSweep', int(now), 'graceFrom', int(grace_from))
end

local evicted = {}
for _, key in ipairs(redis.call('ZRANGEBYSCORE', LEASE, '-inf', int(now), 'LIMIT', 0, ARGV[4])) do
  local current = read(key)
  if not current then
    redis.call('ZREM', LEASE, key)
  elseif grace_from + current.ttl > now then
    -- Its grace is its own ttl. It moves to where that ends, so that the next sweep finds others.
    redis.call('ZADD', LEASE, int(grace_from + current.ttl), key)
  else
    remove(key, 'EXPIRED')
    evicted[#evicted + 1] = key
    evicted[#evicted + 1] = int(current.fence)
  end
end
return answer(evicted)
