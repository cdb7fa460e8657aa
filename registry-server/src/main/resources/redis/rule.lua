-- Writes traffic rules, all of them or none; or puts back what a server or a backup has and this namespace lacks.
-- Of two versions of a rule the higher generation is newer. A generation is a time, too, so it stays so if Redis has
-- lost its data.
-- ARGV  6 'write', 'restore' (what a server remembers) or 'add' (a backup), 7 the origin of the rules that the server
--       knows or '', 8 the highest generation that it or the backup has, 9 the revision of all rules that the writer
--       expects or ''; then for each rule: key, its generation (write: the expected one, '' for any, 0 for none), its
--       time in ms, its author as a JSON string, and its content, which begins with "compatibility" and ends with
--       "document"
-- Returns the state (WRITTEN, CONFLICT or REFUSED), the revision of all rules, and for each rule: the outcome and its
-- generation.
local SIZE, MAX_HISTORY, MAX_HISTORY_BYTES, LATELY, LONG = 5, 50, 524288, 600000, 2592000000
local mode, origin, at_least, expected = ARGV[6], ARGV[7], tonumber(ARGV[8]), ARGV[9]

local kept = redis.call('HMGET', EPOCH, 'ruleGeneration', 'ruleOrigin')
local highest, known_origin = tonumber(kept[1]) or 0, kept[2] or ''
if mode == 'restore' and known_origin ~= '' and known_origin ~= origin then
  return answer('REFUSED', int(highest), {})
end
-- A server may write before it has put back what was lost.
origin = known_origin ~= '' and known_origin or origin ~= '' and origin or lineage

local function parse_rule(value)
  if not value then
    return nil
  end
  -- Quotes within the author are escaped, so the first match is the field.
  local generation, content = value:match('^{"generation":(%d+),"time":%d+,"author":.-,("compatibility":.*)}$')
  return { generation = tonumber(generation), content = content }
end

local following = math.max(now, highest + 1, is_credible(at_least) and at_least + 1 or 0)
local conflict = expected ~= '' and tonumber(expected) ~= highest
local results, writes, met = {}, {}, {}
for i = 10, #ARGV, SIZE do
  local key, generation, time, author, content = unpack(ARGV, i, i + SIZE - 1)
  local current = parse_rule(redis.call('HGET', RULES, key))
  local gone = tonumber(redis.call('ZSCORE', RULEGONE, key)) or 0
  local before = current and current.generation or 0
  -- A document ends with a brace.
  local deletes = content:sub(-4) == 'null'
  local outcome, after
  if met[key] then
    outcome, after, conflict = mode == 'write' and 'CONFLICT' or 'KNOWN', before, conflict or mode == 'write'
  elseif mode == 'restore' then
    outcome, after = 'OLDER', tonumber(generation)
    if after > math.max(before, gone) then
      outcome = 'RESTORED'
    end
  elseif mode == 'add' then
    outcome, after = 'KNOWN', following
    if not current and gone <= now - LATELY then
      outcome, time = 'RESTORED', int(now)
    end
  elseif generation ~= '' and tonumber(generation) ~= before then
    outcome, after, conflict = 'CONFLICT', before, true
  elseif deletes then
    outcome, after, time = current and 'DELETED' or 'UNKNOWN', current and following or 0, int(now)
  elseif current and current.content == content then
    outcome, after = 'UNCHANGED', before
  else
    outcome, after, time = current and 'UPDATED' or 'CREATED', following, int(now)
  end
  met[key] = true
  results[#results + 1] = outcome
  results[#results + 1] = int(after)
  if outcome == 'RESTORED' or outcome == 'CREATED' or outcome == 'UPDATED' or outcome == 'DELETED' then
    writes[#writes + 1] = { key = key, before = before, after = after, deletes = deletes,
      text = '{"generation":' .. int(after) .. ',"time":' .. time .. ',"author":' .. author .. ',' .. content .. '}' }
  end
end
if conflict then
  return answer('CONFLICT', int(highest), results)
end

-- Keeps a version in the history of its rule: one a line, the newest first.
local function remember(key, text)
  local lines, bytes = { text }, #text
  for line in (redis.call('HGET', RULEPAST, key) or ''):gmatch('[^\n]+') do
    bytes = bytes + #line
    if #lines == MAX_HISTORY or bytes > MAX_HISTORY_BYTES then
      break
    end
    lines[#lines + 1] = line
  end
  redis.call('HSET', RULEPAST, key, table.concat(lines, '\n'))
end

for _, one in ipairs(writes) do
  remember(one.key, one.text)
  advance()
  if one.deletes then
    redis.call('HDEL', RULES, one.key)
    redis.call('ZADD', RULEGONE, int(one.after), one.key)
    moved = moved - one.before
    publish('/' .. one.key, int(one.after) .. '\n' .. origin)
  else
    redis.call('HSET', RULES, one.key, one.text)
    redis.call('ZREM', RULEGONE, one.key)
    moved = moved - one.before + one.after
    publish('/' .. one.key, one.text .. '\n' .. origin)
  end
  highest = math.max(highest, one.after)
end
if #writes > 0 then
  redis.call('HSET', EPOCH, 'ruleGeneration', int(highest), 'ruleOrigin', origin)
  for _, key in ipairs(redis.call('ZRANGEBYSCORE', RULEGONE, '-inf', int(now - LONG), 'LIMIT', 0, 100)) do
    redis.call('ZREM', RULEGONE, key)
    redis.call('HDEL', RULEPAST, key)
  end
end
commit()
return answer('WRITTEN', int(highest), results)
