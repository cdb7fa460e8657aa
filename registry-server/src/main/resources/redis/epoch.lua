-- Goes before every script: what time it is, and which history this is.
-- KEYS  one namespace's keys, always all of them; its hash tag keeps them in one slot of a Cluster
-- ARGV  1 the lineage to take if this registry has none, 2 the highest epoch the caller has seen,
--       3 "1" if the script may make the namespace; the script's own arguments follow
local EPOCH, REV, INST, LEASE, OVR, TOMB, FEED = unpack(KEYS)

-- Left to itself Lua writes a number with 14 digits at the most.
local function int(number)
  return string.format('%.0f', number)
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local known = redis.call('HMGET', EPOCH, 'n', 'lineage', 'fence', 'began')
local n, lineage, last_fence, began = known[1], known[2], tonumber(known[3]) or 0, tonumber(known[4]) or now
local rev = redis.call('GET', REV)

-- Something is missing, so anything may be: a new epoch, above all that anybody has seen. Asking about a
-- namespace that was never there must not make it, or any client could fill Redis with names.
if not (n and lineage and rev) then
  n = int(math.max(now, (tonumber(n) or 0) + 1, tonumber(ARGV[2]) + 1))
  lineage, rev, began = lineage or ARGV[1], '0', now
  if ARGV[3] == '1' or redis.call('EXISTS', INST) == 1 then
    redis.call('HSET', EPOCH, 'n', n, 'lineage', lineage, 'began', int(now), 'graceFrom', int(now), 'lastSweep', int(now))
    redis.call('SET', REV, rev)
    -- Entries of another history could have higher ids than ours. The first of ours wakes all readers.
    redis.call('DEL', FEED)
    redis.call('XADD', FEED, n .. '-0', 'epoch', n)
  end
end

-- Makes a change visible: one revision, one entry.
local function publish(...)
  rev = int(redis.call('INCR', REV))
  redis.call('XADD', FEED, 'MAXLEN', '~', 100000, n .. '-' .. rev, ...)
end

local function answer(...)
  return { lineage, n, rev, ... }
end
