-- Registers instances, updates them, or renews their leases. What all of them need is read or written once.
-- ARGV  from 6 on, for each: key, its token or '', the secret of its incarnation, ttl in ms, status, instance
-- Returns for each: the outcome, its fence and its token ('' if superseded).
local SIZE = 6
local keys = {}
for i = 6, #ARGV, SIZE do
  keys[#keys + 1] = ARGV[i]
end
local values = redis.call('HMGET', INST, unpack(keys))
-- There are hardly ever any overrides.
local overrides = redis.call('EXISTS', OVR) == 1 and redis.call('HMGET', OVR, unpack(keys)) or nil
local highest, scores, results, met = last_fence, {}, {}, {}

local function tell(key, outcome, fence, token)
  met[key] = true
  results[#results + 1] = outcome
  results[#results + 1] = fence
  results[#results + 1] = token
end

local function lease(key, ttl)
  scores[#scores + 1] = int(now + ttl)
  scores[#scores + 1] = key
end

for i, key in ipairs(keys) do
  local at = i * SIZE
  local token, secret, ttl, status, body = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4], ARGV[at + 5]
  -- The same id may occur twice in one call.
  local current = met[key] and read(key) or not met[key] and parse(values[i]) or nil

  -- The secret identifies the instance, too: the response with the token may have been lost.
  if current and (holds(current, token) or secret_of(current.token) == secret) then
    local changed = current.status ~= status or current.body ~= body or current.suspect ~= 0 or current.token == ''
    take(current, token)
    highest = math.max(highest, last_fence)
    local it = { fence = current.fence, ttl = ttl, suspect = 0, token = current.token, status = status, body = body,
      epoch = current.epoch, revision = current.revision }
    if changed then
      put(key, it, current, false, overrides and overrides[i] or false)
    elseif int(current.ttl) ~= ttl then
      decide(key, text_of(it))
    end
    lease(key, ttl)
    tell(key, changed and 'UPDATED' or 'RENEWED', int(it.fence), it.token)
  elseif token ~= '' and is_fenced(key, current and current.fence or 0, token) then
    tell(key, 'SUPERSEDED', '0', '')
  else
    -- A new incarnation. Its fence is above all that this namespace or the instance knows, also if the clock went back.
    -- But no clock goes back by years, and an invented token must not raise all later fences.
    if current then
      bury(key, current.fence)
    end
    local shown = fence_of(token)
    highest = math.max(now, highest + 1, is_credible(shown) and shown + 1 or 0)
    local fence = int(highest)
    local it = { fence = fence, ttl = ttl, suspect = '0', token = fence .. '-' .. secret, status = status, body = body }
    lease(key, ttl)
    put(key, it, current, false, overrides and overrides[i] or false)
    tell(key, current and 'TAKEN_OVER' or 'CREATED', fence, it.token)
  end
end
if highest ~= last_fence then
  redis.call('HSET', EPOCH, 'fence', int(highest))
end
if #scores > 0 then
  redis.call('ZADD', LEASE, unpack(scores))
end
commit()
return answer(results)
