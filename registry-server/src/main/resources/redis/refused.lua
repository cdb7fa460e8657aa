-- Evicts a suspect that refuses connections, unless it has been cleared meanwhile.
-- ARGV  6 key, 7 fence, 8 how many may be evicted in a second
local key, fence, limit = ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8])
local current = read(key)
local left = evictions_left(limit)
if not current or current.fence ~= fence or current.suspect == 0 or left <= 0 then
  return answer('UNKNOWN')
end
spend(limit, left - 1)
note_eviction(key, current)
remove(key, current, 'REFUSED')
commit()
return answer('HELD')
