-- Goes before every script that knows instances: how one is kept, and who may speak for it.
-- The instance is JSON that is never decoded here: it is compared and copied as it came. What transitions
-- decide on stands before it, in a form that a pattern reads.
local HEAD = '^{"fence":(%d+),"ttl":(%d+),"token":"([^"]*)","status":"([^"]*)","instance":()'

local function read(key)
  local value = redis.call('HGET', INST, key)
  if not value then
    return nil
  end
  local fence, ttl, token, status, body = value:match(HEAD)
  return { fence = tonumber(fence), ttl = tonumber(ttl), token = token, status = status, body = value:sub(body, -2) }
end

local function write(key, it)
  redis.call('HSET', INST, key, '{"fence":' .. int(it.fence) .. ',"ttl":' .. int(it.ttl) .. ',"token":"' .. it.token
    .. '","status":"' .. it.status .. '","instance":' .. it.body .. '}')
end

local function prolong(key, ttl)
  redis.call('ZADD', LEASE, int(now + ttl), key)
end

local function remove(key, reason)
  redis.call('HDEL', INST, key)
  redis.call('ZREM', LEASE, key)
  publish('key', key, 'gone', reason)
end

-- The token stays out of the feed.
local function tell(key, it)
  publish('key', key, 'fence', int(it.fence), 'status', it.status, 'instance', it.body,
    'override', redis.call('HGET', OVR, key) or '')
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

local function is_fenced(key, current_fence, token)
  local fence = fence_of(token)
  return fence < current_fence or redis.call('ZSCORE', TOMB, key .. '|' .. int(fence))
end

local function lease_state(key, current, token)
  if current and current.token == token then
    return 'HELD'
  end
  return is_fenced(key, current and current.fence or 0, token) and 'SUPERSEDED' or 'UNKNOWN'
end
