-- Counts events and says what each of them sees, as engine/counting/windows.py does in memory.
--
-- KEYS[1]  the marks: what is complete, by definition (README.md)
-- ARGV[1]  JSON: definitions [{name, within, distinct}], lateness, counting, live, arriving, missed
-- ARGV[2]  events: moment, item, key, definition, number of values; the values follow
--
-- Answers two texts: for each definition 1 where something is missing, else 0; and the counts,
-- with commas. Doing it all again changes nothing.

local RECORD, RECORD_SIZE, NAME_SIZE = '<dc12c12HH', 36, 12
local ONLY_LOOKS = 65535
-- A moment between two others of the same value, closer than this part of the window, is seen by
-- no window that does not see one of the two. Below 1, so that rounding cannot matter.
local CLOSE = 0.9
-- Seconds added to what is kept and to how long keys live, for rounding and slow clocks.
local SLACK = 60
-- A definition that nobody used for so many seconds is forgotten: it will be filled from scratch.
local FORGOTTEN = 86400
-- So many of 256 items, by their names, clear out the window they are counted in.
local CLEARING = 16
-- Lua can hand on so many arguments at once.
local SLICE = 1000

local marks, setup, events = KEYS[1], cjson.decode(ARGV[1]), ARGV[2]
local time = redis.call('TIME')
local now = time[1] + time[2] / 1e6

-- Items of a batch often have the same moment.
local written = {}

local function exact(number)
  local text = written[number]
  if not text then
    text = string.format('%.17g', number)
    written[number] = text
  end
  return text
end

-- What is complete -------------------------------------------------------------------------------

local function lacking_since(state)
  return tonumber((string.gsub(state, '^r', '')))
end

local function lacks(name, state, since)
  local before = lacking_since(state)
  if before and before < since then
    since = before
  end
  if exact(since) ~= state then
    redis.call('HSET', marks, name, exact(since))
  end
  return exact(since)
end

-- Since when another server than the one that filled the windows may have lost some of them.
local function lost_since()
  local server = redis.pcall('INFO', 'server')
  local run = type(server) == 'string' and string.match(server, 'run_id:(%w+)')
  if not run or run == redis.call('HGET', marks, 'server') then
    return nil
  end
  redis.call('HSET', marks, 'server', run)
  local up = tonumber(string.match(server, 'uptime_in_seconds:(%d+)'))
  local persistence = redis.pcall('INFO', 'persistence')
  local kept = type(persistence) == 'string' and string.find(persistence, 'aof_enabled:1', 1, true)
  return kept and up and now - up or 0
end

local function missed_since(flat)
  local since = nil
  if setup.arriving or #flat == 0 then
    since = lost_since()
  end
  if setup.missed then
    since = math.min(since or now, now - setup.missed)
  end
  return since
end

local function read_marks()
  local flat, mine, states = redis.call('HGETALL', marks), {}, {}
  local since = missed_since(flat)
  for _, definition in ipairs(setup.definitions) do
    mine[definition.name] = true
  end
  for place = 1, #flat, 2 do
    local name, state = flat[place], flat[place + 1]
    if name ~= 'server' then
      if since then
        state = lacks(name, state, since)
      end
      if setup.live and not mine[name] then
        -- These events are not counted under it.
        local idle_since = tonumber(state)
        if not idle_since then
          lacks(name, state, now)
        elseif idle_since < now - FORGOTTEN then
          redis.call('HDEL', marks, name)
        end
      end
      states[name] = state
    end
  end
  return states
end

-- Windows ----------------------------------------------------------------------------------------
--
-- The window of a key is a sorted set: of items by moment or, where values are counted, of values
-- by their last moment, with their earlier moments in a hash beside it.

local function earlier_of(window)
  return 'tw:e:' .. string.sub(window, 6)
end

-- Windows that were looked after: once a call is enough.
local tended = {}

-- Lets a key live as long as anybody may look at it. Seldom more than a look, as what is written
-- goes into the log too. Says whether the key is new, and whether it is time to clear it out.
local function tend(key, definition)
  local left = tended[key] or redis.call('PTTL', key)
  tended[key] = left ~= -2 and math.huge or nil
  if left < definition.least then
    redis.call('PEXPIRE', key, definition.most)
    return left == -1, left > 0
  end
  return false, false
end

local function moment_at(packed, index)
  return (struct.unpack('<d', packed, index * 8 - 7))
end

-- Puts a moment into those before the last one of a value, in order, unless nobody can miss it.
local function insert(packed, moment, last, within)
  local place = #packed / 8
  while place > 0 and moment_at(packed, place) > moment do
    place = place - 1
  end
  local before = place > 0 and moment_at(packed, place)
  local after = (place + 1) * 8 <= #packed and moment_at(packed, place + 1) or last
  if before and (before == moment or after - before <= within * CLOSE) then
    return packed
  end
  return string.sub(packed, 1, place * 8) .. struct.pack('<d', moment) .. string.sub(packed, place * 8 + 1)
end

local function add_value(window, value, moment, definition)
  if redis.call('ZADD', window, 'NX', exact(moment), value) == 1 then
    return
  end
  local last = tonumber(redis.call('ZSCORE', window, value))
  if moment == last then
    return
  end
  local earlier = earlier_of(window)
  local packed = redis.call('HGET', earlier, value) or ''
  local newest = math.max(moment, last)
  local changed = insert(packed, math.min(moment, last), newest, definition.within)
  while changed ~= '' and moment_at(changed, 1) <= newest - definition.kept do
    changed = string.sub(changed, 9)
  end
  if moment > last then
    redis.call('ZADD', window, exact(moment), value)
  end
  if changed == '' then
    redis.call('HDEL', earlier, value)
  elseif changed ~= packed then
    redis.call('HSET', earlier, value, changed)
    tend(earlier, definition)
  end
end

-- Puts an event into a window: the name of an item, or of each value.
local function put(window, moment, names, definition)
  if not definition.distinct then
    redis.call('ZADD', window, 'NX', exact(moment), names)
    return
  end
  for place = 1, #names, NAME_SIZE do
    add_value(window, string.sub(names, place, place + NAME_SIZE - 1), moment, definition)
  end
end

-- Drops what no event can see any more.
local function forget(window, moment, definition)
  local over = exact(moment - definition.kept)
  if not definition.distinct then
    redis.call('ZREMRANGEBYSCORE', window, '-inf', over)
    return
  end
  local values = redis.call('ZRANGEBYSCORE', window, '-inf', over, 'LIMIT', 0, SLICE)
  if #values > 0 then
    redis.call('ZREM', window, unpack(values))
    redis.call('HDEL', earlier_of(window), unpack(values))
  end
end

-- Whether a value whose last moment is later was seen in (after, moment] too.
local function seen_before(packed, after, moment)
  for place = #packed / 8, 1, -1 do
    local each = moment_at(packed, place)
    if each <= moment then
      return each > after
    end
  end
  return false
end

-- By window: a moment after which nothing was seen in it.
local settled = {}

local function is_late(window, moment)
  local newest = settled[window]
  if newest and moment >= newest then
    settled[window] = moment
    return false
  end
  if redis.call('ZCOUNT', window, '(' .. exact(moment), '+inf') > 0 then
    return true
  end
  settled[window] = moment
  return false
end

local function count(window, moment, definition)
  local after = moment - definition.within
  local total = redis.call('ZCOUNT', window, '(' .. exact(after), exact(moment))
  if not definition.distinct or not is_late(window, moment) then
    return total
  end
  -- Look at each value that was seen after it.
  local values = redis.call('ZRANGEBYSCORE', window, '(' .. exact(moment), '+inf')
  for first = 1, #values, SLICE do
    local slice = { unpack(values, first, math.min(first + SLICE - 1, #values)) }
    for _, packed in ipairs(redis.call('HMGET', earlier_of(window), unpack(slice))) do
      if packed and seen_before(packed, after, moment) then
        total = total + 1
      end
    end
  end
  return total
end

-- Counts an event, and says what it sees.
local function see(window, item, moment, names, definition)
  put(window, moment, names, definition)
  local new, due = tend(window, definition)
  if due and definition.distinct then
    tend(earlier_of(window), definition)
  end
  if due or string.byte(item) < CLEARING then
    forget(window, moment, definition)
  end
  if new then
    settled[window] = moment  -- whoever looked before this saw an empty window
    return #names / NAME_SIZE
  end
  if not setup.counting then
    return 0
  end
  return count(window, moment, definition)
end

-- Events -----------------------------------------------------------------------------------------

local states = read_marks()
local flags, counts, place = {}, {}, 1
for number, definition in ipairs(setup.definitions) do
  flags[number] = states[definition.name] == '' and 0 or 1
  definition.kept = definition.within + setup.lateness + SLACK
  -- Milliseconds a key has to live from now on, and what it is given when it would live less.
  definition.least = definition.kept * 1000
  definition.most = string.format('%d', definition.kept * 1250)
end
while place <= #events do
  local moment, item, key, number, length = struct.unpack(RECORD, events, place)
  local definition, window = setup.definitions[number + 1], 'tw:w:' .. key
  local names = length ~= ONLY_LOOKS and item or ''
  place = place + RECORD_SIZE
  if definition.distinct and names ~= '' then
    names = string.sub(events, place, place + length * NAME_SIZE - 1)
    place = place + length * NAME_SIZE
  end
  if names ~= '' then
    counts[#counts + 1] = see(window, item, moment, names, definition)
  elseif setup.counting then
    counts[#counts + 1] = count(window, moment, definition)
  end
end
return { table.concat(flags, ','), table.concat(counts, ',') }
