-- The beginning of every script: reads the time, and finds out which history this is.
-- KEYS  the keys of one namespace, always all of them; its hash tag keeps them in one slot of a Cluster
-- ARGV  1 the lineage that the server has seen, or the one to take if there is none, 2 and 3 the highest epoch and
--       revision that it has seen, 4 what it allows: "make" (the namespace may be created), "insist" (the epoch that
--       it has seen is lost for good), or both, 5 Redis' replication id as its connection saw it, or '';
--       the script's own arguments follow
local EPOCH, REV, INST, LEASE, OVR, TOMB, FEED, COUNT, EVICTED, RULES, RULEGONE, RULEPAST, RULERUN =
  unpack(KEYS)
local seen_n, seen_rev = tonumber(ARGV[2]), tonumber(ARGV[3])

-- Formats a whole number. Lua's own conversion writes 14 digits at most. A string of digits stays as it is.
local function int(number)
  return type(number) == 'string' and number or string.format('%.0f', number)
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local known = redis.call('HMGET', EPOCH, 'n', 'lineage', 'fence', 'began', 'replid', 'lastSweep', 'sum', 'fed',
  'mark', 'cut', 'forgotten')
local n, lineage, last_fence, began = known[1], known[2], tonumber(known[3]) or 0, tonumber(known[4]) or now
local rev = redis.call('GET', REV)
-- The sum of the revisions of all instances and of the generations of all rules. Of the feed: its size since its mark,
-- its mark, and its oldest revision.
local places, fed = tonumber(known[7]) or 0, tonumber(known[8]) or 0
local mark, cut = tonumber(known[9]) or 0, tonumber(known[10]) or 0

-- No server has swept: Redis or all servers were away, so no instance could register or renew. If instances could
-- still be missing then, they get the whole time of a new epoch again.
local GAP, DEFAULT_TTL = 3000, 15000
local last_sweep = tonumber(known[6]) or now
local was_away = now - last_sweep > GAP
if was_away and last_sweep - began < DEFAULT_TTL then
  began = now
end

-- Another replication id means that another process, or a replica, went on with the data: writes may be missing. If the
-- user may not read it in a script, the connection has read it (ARGV 5), or it stays unknown.
local said = redis.pcall('INFO', 'replication')
local replid = type(said) == 'string' and said:match('master_replid:(%x+)') or ARGV[5]

local known_replid = known[5] or ''

local same_lineage = lineage == ARGV[1]
local reason = not (n and lineage and rev) and 'something is missing'
  or replid ~= '' and known_replid ~= '' and known_replid ~= replid and 'Redis has begun another history'
  or same_lineage and tonumber(n) == seen_n and tonumber(rev) < seen_rev and 'changes that were seen are missing'
  or same_lineage and tonumber(n) < seen_n and ARGV[4]:find('insist') and 'an epoch that was seen is missing'

-- The server has seen a fail-over, and this is the Redis from before it. Its data do not count, and nothing may be
-- written to it.
if not reason and same_lineage and tonumber(n) < seen_n then
  return redis.error_reply('BEHIND epoch ' .. n .. ', ' .. ARGV[2] .. ' was seen')
end

-- A query does not create a namespace, or any client could fill Redis with names. A namespace that does not exist is in
-- epoch 0, before all history.
if not n and not ARGV[4]:find('make') and redis.call('EXISTS', INST, RULES) == 0 then
  n, lineage, rev, began = '0', ARGV[1], '0', now
elseif reason then
  -- Anything may be missing, so a new epoch begins. Its number is above every epoch that a server has seen.
  n = int(math.max(now, (tonumber(n) or 0) + 1, seen_n + 1))
  lineage, rev, began = lineage or ARGV[1], rev or '0', now
  fed, mark, cut = 0, tonumber(rev), tonumber(rev)
  redis.call('HSET', EPOCH, 'n', n, 'lineage', lineage, 'began', int(now), 'graceFrom', int(now), 'lastSweep', int(now),
    'replid', replid, 'reason', reason, 'fed', '0', 'mark', rev, 'cut', rev)
  redis.call('SET', REV, rev)
  -- Entries of another history could have higher ids. The first entry of this epoch wakes all readers.
  redis.call('DEL', FEED)
  redis.call('XADD', FEED, n .. '-0', 'epoch', n)
  -- Counts and sum are computed anew, in case the keys come from different moments.
  local sum = 0
  redis.call('DEL', COUNT)
  local all = redis.call('HGETALL', INST)
  for i = 1, #all, 2 do
    redis.call('HINCRBY', COUNT, all[i]:match('^[^|]*'), 1)
    sum = sum + (tonumber(all[i + 1]:match('"at":"%d+%-(%d+)"')) or 0)
  end
  local rules = redis.call('HGETALL', RULES)
  for i = 2, #rules, 2 do
    sum = sum + (tonumber(rules[i]:match('^{"generation":(%d+)')) or 0)
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
