-- Goes before every script that knows instances: how one is kept, and who may speak for it.
-- The instance is JSON that is never decoded here: it is compared and copied as it came. What transitions
-- decide on stands before it, in a form that a pattern reads: "at" is the place in history of its last change,
-- "suspect" since when (ms) it is doubted, or 0.
local HEAD = '^{"fence":(%d+),"ttl":(%d+),"at":"(%d+)%-(%d+)","suspect":(%d+),"token":"([^"]*)","status":"([^"]*)","instance":()'

local function parse(value)
  if not value then
    return nil
  end
  local fence, ttl, epoch, revision, suspect, token, status, body = value:match(HEAD)
  return { fence = tonumber(fence), ttl = tonumber(ttl), epoch = tonumber(epoch), revision = tonumber(revision),
    suspect = tonumber(suspect), token = token, status = status, body = value:sub(body, -2) }
end

local function read(key)
  return parse(redis.call('HGET', INST, key))
end

local function write(key, it)
  redis.call('HSET', INST, key, '{"fence":' .. int(it.fence) .. ',"ttl":' .. int(it.ttl) .. ',"at":"' .. int(it.epoch)
    .. '-' .. int(it.revision) .. '","suspect":' .. int(it.suspect) .. ',"token":"' .. it.token .. '","status":"'
    .. it.status .. '","instance":' .. it.body .. '}')
end

local function prolong(key, ttl)
  redis.call('ZADD', LEASE, int(now + ttl), key)
end

local function service_of(key)
  return key:match('^[^|]*')
end

-- Makes a change visible: one revision, one entry.
local function publish(...)
  rev = int(redis.call('INCR', REV))
  redis.call('XADD', FEED, 'MAXLEN', '~', 100000, n .. '-' .. rev, ...)
end

local function weigh(difference)
  -- A zero with a sign would not be taken for a number.
  redis.call('HINCRBY', EPOCH, 'sum', int(difference + 0))
end

-- Keeps what has changed about an instance, or a new one, and tells it. What is put back keeps the place in history that
-- it had, so that among several who put it back the newest word wins, and any word of this epoch wins over theirs.
-- Who has looked for its override already says so: false when there is none.
local function put(key, it, before, kept, override)
  if not before then
    redis.call('HINCRBY', COUNT, service_of(key), 1)
  end
  local old = before and before.revision or 0
  local at = ''
  if kept then
    at = int(it.epoch) .. '-' .. int(it.revision)
  else
    it.epoch, it.revision = tonumber(n), tonumber(rev) + 1
  end
  weigh(it.revision - old)
  write(key, it)
  if override == nil then
    override = redis.call('HGET', OVR, key)
  end
  publish('key', key, 'fence', int(it.fence), 'ttl', int(it.ttl), 'token', it.token, 'status', it.status,
    'suspect', int(it.suspect), 'instance', it.body, 'override', override or '', 'at', at)
end

-- Whoever has left in this epoch is remembered by fence for ten minutes: no older incarnation, which another server may
-- remember from before, comes back in its place. A fence is a time, too, so old ones go by their score.
local function remove(key, it, reason)
  redis.call('ZREMRANGEBYSCORE', TOMB, '-inf', int(now - 600000))
  redis.call('ZADD', TOMB, 'GT', int(it.fence), key .. '|')
  redis.call('HDEL', INST, key)
  redis.call('ZREM', LEASE, key)
  if redis.call('HINCRBY', COUNT, service_of(key), -1) <= 0 then
    redis.call('HDEL', COUNT, service_of(key))
  end
  weigh(-it.revision)
  publish('key', key, 'gone', reason)
end

-- For ten minutes whoever held this fence stays out, also when nobody holds the id any more.
local function bury(key, fence)
  redis.call('ZREMRANGEBYSCORE', TOMB, '-inf', int(now - 600000))
  redis.call('ZADD', TOMB, int(now), key .. '|' .. int(fence))
end

-- 0 when it is no token of ours. 15 digits are exact in a double.
local function fence_of(token)
  local digits = token:match('^(%d+)%-')
  return digits and #digits <= 15 and tonumber(digits) or 0
end

local function secret_of(token)
  return token:match('%-(.*)$')
end

local function is_buried(key, fence)
  return redis.call('ZSCORE', TOMB, key .. '|' .. int(fence))
end

local function has_left(key, fence)
  return is_buried(key, fence) or fence <= (tonumber(redis.call('ZSCORE', TOMB, key .. '|')) or 0)
end

local function is_fenced(key, current_fence, token)
  local fence = fence_of(token)
  return fence < current_fence or is_buried(key, fence)
end

local function lease_state(key, current, token)
  if current and current.token == token then
    return 'HELD'
  end
  return is_fenced(key, current and current.fence or 0, token) and 'SUPERSEDED' or 'UNKNOWN'
end

-- How many may still be evicted in this second, by all servers together.
local function evictions_left(limit)
  local spent = redis.call('HMGET', EPOCH, 'second', 'spent')
  return limit - (tonumber(spent[1]) == math.floor(now / 1000) and tonumber(spent[2]) or 0)
end

local function spend(limit, left)
  redis.call('HSET', EPOCH, 'second', int(math.floor(now / 1000)), 'spent', int(limit - left))
end

local function note_eviction(key, it)
  redis.call('ZADD', EVICTED, int(now), key .. '|' .. int(it.fence))
end
