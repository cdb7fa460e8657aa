-- Goes before every script: what time it is, and which history this is.
-- KEYS  one namespace's keys, always all of them; its hash tag keeps them in one slot of a Cluster
-- ARGV  1 the lineage that the caller has seen, or that to take if there is none, 2 and 3 the highest epoch and revision
--       that it has seen, 4 what it allows: a word of "make" (the namespace may be made), "insist" (what it has seen is
--       not coming back), or both, 5 Redis' replication id as its connection saw it, or '';
--       the script's own arguments follow
local EPOCH, REV, INST, LEASE, OVR, TOMB, FEED, COUNT, EVICTED = unpack(KEYS)
local seen_n, seen_rev = tonumber(ARGV[2]), tonumber(ARGV[3])

-- Left to itself Lua writes a number with 14 digits at the most. Digits stay as they are.
local function int(number)
  return type(number) == 'string' and number or string.format('%.0f', number)
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local known = redis.call('HMGET', EPOCH, 'n', 'lineage', 'fence', 'began', 'replid', 'lastSweep', 'sum', 'fed',
  'mark', 'cut', 'forgotten')
local n, lineage, last_fence, began = known[1], known[2], tonumber(known[3]) or 0, tonumber(known[4]) or now
local rev = redis.call('GET', REV)
-- Of the feed: how large it has become since its mark, and from where on it is kept.
local places, fed = tonumber(known[7]) or 0, tonumber(known[8]) or 0
local mark, cut = tonumber(known[9]) or 0, tonumber(known[10]) or 0

-- Nobody swept: Redis or all servers were away, so nobody could come or renew. Who could still be missing then has all
-- the time of a new epoch again.
local GAP, DEFAULT_TTL = 3000, 15000
local last_sweep = tonumber(known[6]) or now
local was_away = now - last_sweep > GAP
if was_away and last_sweep - began < DEFAULT_TTL then
  began = now
end

-- Another replication id means that another process, or a replica, went on with the data: writes may be missing. A user
-- who may not ask in a script is told by the connection, or not at all.
local said = redis.pcall('INFO', 'replication')
local replid = type(said) == 'string' and said:match('master_replid:(%x+)') or ARGV[5]

local known_replid = known[5] or ''

local same_lineage = lineage == ARGV[1]
local reason = not (n and lineage and rev) and 'something is missing'
  or replid ~= '' and known_replid ~= '' and known_replid ~= replid and 'Redis has begun another history'
  or same_lineage and tonumber(n) == seen_n and tonumber(rev) < seen_rev and 'changes that were seen are missing'
  or same_lineage and tonumber(n) < seen_n and ARGV[4]:find('insist') and 'an epoch that was seen is missing'

-- A fail-over was seen, and this is the Redis from before it. Nothing that it says counts, and nothing may be written to it.
if not reason and same_lineage and tonumber(n) < seen_n then
  return redis.error_reply('BEHIND epoch ' .. n .. ', ' .. ARGV[2] .. ' was seen')
end

-- Asking about a namespace that is not there does not make it, or any client could fill Redis with names. It stands
-- before all history.
if not n and not ARGV[4]:find('make') and redis.call('EXISTS', INST) == 0 then
  n, lineage, rev, began = '0', ARGV[1], '0', now
elseif reason then
  -- Anything may be missing: a new epoch, above all that anybody has seen.
  n = int(math.max(now, (tonumber(n) or 0) + 1, seen_n + 1))
  lineage, rev, began = lineage or ARGV[1], rev or '0', now
  fed, mark, cut = 0, tonumber(rev), tonumber(rev)
  redis.call('HSET', EPOCH, 'n', n, 'lineage', lineage, 'began', int(now), 'graceFrom', int(now), 'lastSweep', int(now),
    'replid', replid, 'reason', reason, 'fed', '0', 'mark', rev, 'cut', rev)
  redis.call('SET', REV, rev)
  -- Entries of another history could have higher ids than ours. The first of ours wakes all readers.
  redis.call('DEL', FEED)
  redis.call('XADD', FEED, n .. '-0', 'epoch', n)
  -- Counted anew, in case they come from different moments.
  local sum = 0
  redis.call('DEL', COUNT)
  local all = redis.call('HGETALL', INST)
  for i = 1, #all, 2 do
    redis.call('HINCRBY', COUNT, all[i]:match('^[^|]*'), 1)
    sum = sum + (tonumber(all[i + 1]:match('"at":"%d+%-(%d+)"')) or 0)
  end
  places = sum
  redis.call('HSET', EPOCH, 'sum', int(sum))
end

if not reason and known_replid == '' and replid ~= '' then
  redis.call('HSET', EPOCH, 'replid', replid)
end

local function answer(...)
  return { lineage, n, rev, ... }
end
