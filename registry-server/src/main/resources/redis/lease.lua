-- The second part of every script: the form of a stored instance, and the check of the claims to its lease.
-- The instance is JSON that scripts never decode: it is compared and copied as it came. The values that transitions
-- decide on precede it, in a form that a pattern reads: "at" is the epoch and revision of its last change,
-- "suspect" the time (ms) since which it is a suspect, or 0.
local HEAD = '^{"fence":(%d+),"ttl":(%d+),"at":"(%d+)%-(%d+)","suspect":(%d+),"token":"([^"]*)","status":"([^"]*)","instance":()'

local function parse(value)
  if not value then
    return nil
  end
  local fence, ttl, epoch, revision, suspect, token, status, body = value:match(HEAD)
  return { fence = tonumber(fence), ttl = tonumber(ttl), epoch = tonumber(epoch), revision = tonumber(revision),
    suspect = tonumber(suspect), token = token, status = status, body = value:sub(body, -2) }
end

-- What the script has decided and not yet written: instances as they are now, false if removed; their keys in order;
-- changes of the count of each service; the change of the sum of revisions and generations; the feed's entry, as
-- revisions and texts.
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

-- Returns the revision of the next change.
local function advance()
  rev = int(rev + 1)
  return rev
end

-- Adds a change to the feed's entry, at the current revision.
local function publish(key, text)
  told[#told + 1] = rev
  told[#told + 1] = key .. '\n' .. text
end

-- Stores a changed or new instance and publishes it. A restored instance (kept) keeps its epoch and revision. So among
-- the versions that several servers restore the newest wins, and any version of this epoch wins over those.
-- override: given if the caller has already read it, false if there is none.
local function put(key, it, before, kept, override)
  if not before then
    count(key, 1)
  end
  -- Read before it changes: before may be the same table as it.
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

-- Removes an instance. That it has left in this epoch is remembered for ten minutes: no incarnation up to now, which
-- another server or a backup may still have, is restored in its place. A fence is a time, too.
local function remove(key, it, reason)
  redis.call('ZREMRANGEBYSCORE', TOMB, '-inf', int(now - 600000))
  redis.call('ZADD', TOMB, 'GT', int(math.max(now, it.fence)), key .. '|')
  redis.call('ZREM', LEASE, key)
  redis.call('HDEL', RULERUN, key)
  decide(key, false)
  count(key, -1)
  moved = moved - it.revision
  advance()
  publish(key, reason)
end

-- The feed keeps 100,000 changes, or fewer if they are large: once its newer half is full, the older half is dropped.
local HALF_FEED = 33554432

-- Writes all that was decided at once, before the script returns: in Redis ten changes cost little more than one. They
-- become one entry of the feed, whose id is the revision of the last of them.
local function commit()
  if #order == 0 and #told == 0 then
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

-- The mark of a removed override among the tombstones.
local OVERRIDE = '|override'

-- Keeps the incarnation with this fence out for ten minutes, also if no instance holds the id any more.
local function bury(key, fence)
  redis.call('ZREMRANGEBYSCORE', TOMB, '-inf', int(now - 600000))
  redis.call('ZADD', TOMB, int(now), key .. '|' .. int(fence))
end

-- Returns the fence of a token, or 0 if it has none. 15 digits are exact in a double.
local function fence_of(token)
  local digits = token:match('^(%d+)%-')
  return digits and #digits <= 15 and tonumber(digits) or 0
end

local function secret_of(token)
  return token:match('%-(.*)$')
end

-- Returns the time of a tombstone, or 0 if there is none of the last ten minutes.
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

-- Returns whether a clock may have given out a fence. An invented fence must not raise all later ones.
local function is_credible(fence)
  return fence > 0 and fence <= now + 31536000000
end

-- Returns whether a token holds the lease. An instance from a backup has no token yet: it takes one that is not older.
local function holds(current, token)
  if not current or token == '' then
    return false
  end
  if current.token == '' then
    -- Only a well-formed token, because it is written as it comes.
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

-- Returns the number of evictions that are left in this second, for all servers together.
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
