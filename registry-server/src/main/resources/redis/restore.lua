-- Restores what a server remembers of the epoch before and this one lacks. Departures come first.
-- ARGV  6 the epoch in which to restore; then, each with key, fence, epoch and revision of its last change:
--       'left', ...  or  'held', ..., ttl in ms, token, status, instance, override or ''
-- Returns the keys of the instances that were restored, and of those that were removed again.
local held, left = {}, {}
if ARGV[6] ~= n then
  return answer(held, left)
end

local function is_older(it, epoch, revision)
  return it.epoch < epoch or it.epoch == epoch and it.revision < revision
end

local i = 7
while i <= #ARGV do
  local what, key, fence = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])
  local epoch, revision = tonumber(ARGV[i + 3]), tonumber(ARGV[i + 4])
  local current = read(key)
  if what == 'left' then
    if not current or current.fence == fence and is_older(current, epoch, revision) then
      bury(key, fence)
      if current then
        remove(key, current, 'DEREGISTERED')
        left[#left + 1] = key
      end
    end
    i = i + 5
  else
    local ttl, token, status, body, override = unpack(ARGV, i + 5, i + 9)
    local gone = has_left(key, fence)
    if not gone and (not current or current.fence <= fence and is_older(current, epoch, revision)) then
      local it = { fence = fence, ttl = tonumber(ttl), suspect = 0, token = token, status = status, body = body,
        epoch = epoch, revision = revision }
      -- An override of an absent instance was set in this epoch, so it is newer.
      if not current and redis.call('HEXISTS', OVR, key) == 1 then
        override = nil
      elseif override == '' then
        redis.call('HDEL', OVR, key)
      else
        redis.call('HSET', OVR, key, override)
      end
      prolong(key, it.ttl)
      put(key, it, current, true)
      last_fence = math.max(last_fence, fence)
      held[#held + 1] = key
    end
    i = i + 10
  end
end
redis.call('HSET', EPOCH, 'fence', int(last_fence))
commit()
return answer(held, left)
