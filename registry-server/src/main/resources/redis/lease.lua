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

-- What the script has decided and not yet written: instances as they are now, false for those that are gone; how many more
-- a service has; by how much the sum of places moves; and what the feed is told, in pairs of revision and text.
local decided, order, more, moved, told = {}, {}, {}, 0, {}

local function read(key)
  local value = decided[key]
  if value == nil then
    value = redis.call('HGET', INST, key)
  end
  return parse(value)
end

local function decide(key, value)
  if decided[key] == nil then
    order[#order + 1] = key
  end
  decided[key] = value
end

local function text_of(it)
  return '{"fence":' .. int(it.fence) .. ',"ttl":' .. int(it.ttl) .. ',"at":"' .. int(it.epoch) .. '-' .. int(it.revision)
    .. '","suspect":' .. int(it.suspect) .. ',"token":"' .. it.token .. '","status":"' .. it.status .. '","instance":'
    .. it.body .. '}'
end

local function prolong(key, ttl)
  redis.call('ZADD', LEASE, int(now + ttl), key)
end

local function service_of(key)
  return key:match('^[^|]*')
end

local function count(key, by)
  local service = service_of(key)
  more[service] = (more[service] or 0) + by
end

-- The place in history of the next change.
local function advance()
  rev = int(rev + 1)
  return rev
end

-- Makes a change visible, at the place where history stands.
local function publish(key, text)
  told[#told + 1] = rev
  told[#told + 1] = key .. '\n' .. text
end

-- Keeps what has changed about an instance, or a new one, and tells it. What is put back keeps the place in history that
-- it had, so that among several who put it back the newest word wins, and any word of this epoch wins over theirs.
-- Who has looked for its override already says so: false when there is none.
local function put(key, it, before, kept, override)
  if not before then
    count(key, 1)
  end
  -- What was before may be the same table.
  moved = moved - (before and before.revision or 0)
  local place = advance()
  if not kept then
    it.epoch, it.revision = n, place
  end
  moved = moved + it.revision
  local text = text_of(it)
  decide(key, text)
  if override == nil then
    override = redis.call('HGET', OVR, key)
  end
  publish(key, override and text .. '\n' .. override or text)
end

-- An instance that has left in this epoch is remembered for ten minutes: no incarnation up to then, which another server
-- or a backup may hold from before, comes back in its place. A fence is a time, too.
local function remove(key, it, reason)
  redis.call('ZREMRANGEBYSCORE', TOMB, '-inf', int(now - 600000))
  redis.call('ZADD', TOMB, 'GT', int(math.max(now, it.fence)), key .. '|')
  redis.call('ZREM', LEASE, key)
  decide(key, false)
  count(key, -1)
  moved = moved - it.revision
  advance()
  publish(key, reason)
end

-- The feed keeps 100,000 changes, and of large ones as many as fit: once its newer half is full, the older one goes.
local HALF_FEED = 33554432

-- Writes what was decided, all in one, before the script answers: to Redis ten changes cost little more than one. They
-- become one entry of the feed, whose id is the place of the last of them.
local function commit()
  if #order == 0 then
    return
  end
  local kept, gone = {}, {}
  for _, key in ipairs(order) do
    local value = decided[key]
    if value then
      kept[#kept + 1] = key
      kept[#kept + 1] = value
    else
      gone[#gone + 1] = key
    end
  end
  if #kept > 0 then
    redis.call('HSET', INST, unpack(kept))
  end
  if #gone > 0 then
    redis.call('HDEL', INST, unpack(gone))
  end
  for service, by in pairs(more) do
    if by ~= 0 and redis.call('HINCRBY', COUNT, service, by) <= 0 then
      redis.call('HDEL', COUNT, service)
    end
  end
  if #told > 0 then
    for i = 2, #told, 2 do
      fed = fed + #told[i]
    end
    if fed > HALF_FEED then
      fed, mark, cut = 0, tonumber(rev), mark
    end
    places = places + moved
    redis.call('HSET', EPOCH, 'sum', int(places), 'fed', int(fed), 'mark', int(mark), 'cut', int(cut))
    redis.call('SET', REV, rev)
    local oldest = int(math.max(0, cut, rev - 100000))
    redis.call('XADD', FEED, 'MINID', '~', n .. '-' .. oldest, n .. '-' .. rev, unpack(told))
    if known[11] then
      redis.call('HDEL', EPOCH, 'forgotten')
      redis.call('PERSIST', EPOCH)
      redis.call('PERSIST', REV)
    end
  end
end

-- What is remembered of an override that was removed.
local OVERRIDE = '|override'

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

-- When it was, or 0 if that is ten minutes ago.
local function remembered(member)
  local at = tonumber(redis.call('ZSCORE', TOMB, member)) or 0
  return at > now - 600000 and at or 0
end

local function is_buried(key, fence)
  return remembered(key .. '|' .. int(fence)) > 0
end

local function has_left(key, fence)
  local at = remembered(key .. '|')
  return is_buried(key, fence) or at > 0 and fence <= at
end

-- Is its fence one that a clock may have given out? One that was made up must not raise all that follow.
local function is_credible(fence)
  return fence > 0 and fence <= now + 31536000000
end

-- Does this token hold the lease? What came from a backup has none yet: it goes on with a token that is not older.
local function holds(current, token)
  if not current or token == '' then
    return false
  end
  if current.token == '' then
    -- It is written as it comes.
    local fence = token:match('^%d+%-%w+$') and fence_of(token) or 0
    return fence >= current.fence and is_credible(fence)
  end
  return current.token == token
end

local function take(it, token)
  if it.token == '' then
    it.token, it.fence = token, fence_of(token)
    last_fence = math.max(last_fence, it.fence)
    redis.call('HSET', EPOCH, 'fence', int(last_fence))
  end
  return it
end

local function is_fenced(key, current_fence, token)
  local fence = fence_of(token)
  return fence < current_fence or is_buried(key, fence)
end

local function lease_state(key, current, token)
  if holds(current, token) then
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
