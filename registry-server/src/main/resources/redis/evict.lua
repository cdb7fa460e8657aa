-- Evicts instances whose lease has ended, or keeps them as suspects where many leases end together: it is then more
-- likely that they cannot reach the registry than that all of them have died. All that it decides on is in Redis, so
-- any number of servers may call it.
-- ARGV  6 the maximum number of evictions in one second, 7 the maximum time of a suspect in ms
-- Returns the evicted instances and the new suspects (key, fence, ...), the guards that hold, and the digest of the
-- namespace.
local SOON, MANY, WINDOW, AGAIN = 7500, 2000, 60000, 2000
local limit, patience = tonumber(ARGV[6]), tonumber(ARGV[7])

local grace_from = not reason and was_away and now or tonumber(redis.call('HGET', EPOCH, 'graceFrom')) or now
if redis.call('EXISTS', EPOCH) == 1 then
  redis.call('HSET', EPOCH, 'lastSweep', int(now), 'graceFrom', int(grace_from), 'began', int(began))
end

local evicted, suspected, guards = {}, {}, {}
if n ~= '0' and grace_from + DEFAULT_TTL > now then
  guards[1] = 'GRACE'
end
local function digest()
  return answer(evicted, suspected, guards, int(redis.call('HLEN', INST) + redis.call('HLEN', RULES)), int(places))
end

-- The leases that have ended, and those that will soon end because their renewal is missing.
local soon = redis.call('ZRANGEBYSCORE', LEASE, '-inf', int(now + SOON), 'WITHSCORES', 'LIMIT', 0, MANY)
if #soon == 0 then
  return digest()
end
local keys, scores = {}, {}
for i = 1, #soon, 2 do
  keys[#keys + 1] = soon[i]
  scores[#scores + 1] = tonumber(soon[i + 1])
end
local values = redis.call('HMGET', INST, unpack(keys))

local due, overdue, overdue_of = {}, 0, {}
for i, key in ipairs(keys) do
  local it = parse(values[i])
  if not it then
    redis.call('ZREM', LEASE, key)
  elseif scores[i] <= now and grace_from + it.ttl > now then
    -- Its grace is its own ttl. Its score moves to the end of the grace, so that the next sweep finds other leases.
    redis.call('ZADD', LEASE, int(grace_from + it.ttl), key)
  else
    -- Overdue: a renewal is due every third of the ttl, or more often.
    if it.suspect ~= 0 or scores[i] - now < it.ttl / 2 and grace_from + it.ttl <= now then
      local service = service_of(key)
      overdue, overdue_of[service] = overdue + 1, (overdue_of[service] or 0) + 1
    end
    if scores[i] <= now then
      due[#due + 1] = { key = key, it = it }
    end
  end
end
if #keys == MANY then
  overdue = math.max(overdue, redis.call('ZCOUNT', LEASE, '-inf', int(now)))
end
if #due == 0 and overdue == 0 then
  return digest()
end

-- Recent evictions count, or an outage that ends the leases one by one would pass every guard.
redis.call('ZREMRANGEBYSCORE', EVICTED, '-inf', int(now - WINDOW))
local lately, lately_of = 0, {}
for _, member in ipairs(redis.call('ZRANGE', EVICTED, 0, -1)) do
  local service = service_of(member)
  lately, lately_of[service] = lately + 1, (lately_of[service] or 0) + 1
end
local all = redis.call('HLEN', INST)
local many = overdue + lately >= 10 and (overdue + lately) * 5 > all + lately
local count_of, guarded = {}, {}

local function guard_of(service)
  if not count_of[service] then
    count_of[service] = tonumber(redis.call('HGET', COUNT, service)) or 0
    local risk, before = (overdue_of[service] or 0) + (lately_of[service] or 0), lately_of[service] or 0
    guarded[service] = risk >= 3 and risk * 2 > count_of[service] + before
  end
  return many and 'NAMESPACE' or guarded[service] and 'SERVICE ' .. service
    or count_of[service] <= 1 and 'LAST ' .. service or nil
end

local left, holds = evictions_left(limit), {}
local before = left
for _, one in ipairs(due) do
  local key, it = one.key, one.it
  local guard = guard_of(service_of(key))
  if guard and patience > 0 and (it.suspect == 0 or now - it.suspect < patience) then
    holds[guard] = true
    if it.suspect == 0 then
      it.suspect = now
      put(key, it, it)
      suspected[#suspected + 1] = key
      suspected[#suspected + 1] = int(it.fence)
    end
    redis.call('ZADD', LEASE, int(now + math.min(AGAIN, it.ttl / 3)), key)
  elseif left > 0 then
    left = left - 1
    count_of[service_of(key)] = count_of[service_of(key)] - 1
    remove(key, it, 'EXPIRED')
    note_eviction(key, it)
    evicted[#evicted + 1] = key
    evicted[#evicted + 1] = int(it.fence)
  else
    holds.RATE = true
  end
end
-- The guard of a suspect holds on between two checks of its lease.
for i, key in ipairs(keys) do
  local it = scores[i] > now and parse(values[i])
  local guard = it and it.suspect ~= 0 and guard_of(service_of(key))
  if guard then
    holds[guard] = true
  end
end
for guard in pairs(holds) do
  guards[#guards + 1] = guard
end
if left ~= before then
  spend(limit, left)
end
commit()
return digest()
