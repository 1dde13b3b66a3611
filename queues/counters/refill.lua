-- Begins and ends the filling of definitions of which something is missing.
--
-- KEYS[1]  the marks (README.md)
-- ARGV[1]  `begin`: the names of definitions follow. Answers for each that lacks something its
--          name, its mark from now on, and how many seconds ago the gap begins (-1: all is missing).
--          `end`: names follow, each with that mark. Those that lack nothing new are complete.

local marks, step = KEYS[1], ARGV[1]

if step == 'begin' then
  local info = redis.pcall('INFO', 'server')
  local run = type(info) == 'string' and string.match(info, 'run_id:(%w+)')
  if run then
    -- What is filled from now on is filled into this server.
    redis.call('HSETNX', marks, 'server', run)
  end
  local time, begun = redis.call('TIME'), {}
  local now = time[1] + time[2] / 1e6
  for place = 2, #ARGV do
    local name = ARGV[place]
    local state = redis.call('HGET', marks, name) or '0'
    if state ~= '' then
      local since = string.gsub(state, '^r', '')
      local age = tonumber(since) == 0 and -1 or now - tonumber(since)
      redis.call('HSET', marks, name, 'r' .. since)
      begun[#begun + 1] = { name, 'r' .. since, string.format('%.17g', age) }
    end
  end
  return begun
end

for place = 2, #ARGV, 2 do
  if redis.call('HGET', marks, ARGV[place]) == ARGV[place + 1] then
    redis.call('HSET', marks, ARGV[place], '')
  end
end
return {}
