-- A lane is about to be read from the store ('begin'), or has been: then up to what is due in so many milliseconds, or
-- whole ('').
-- ARGV: now, bound, lane, 'begin', or where the read ended and its position
-- Returns for 'begin' how much is wanted (0: nothing) and after which position ('': from the beginning).
local lane = ARGV[3]
local MOST = 10000
local over = over_of(lane)
if ARGV[4] == 'begin' then
  if not over then return { 0, '' } end
  over.since = math.huge
  set_over(lane, over)
  if over.position == '' then return { bound, '' } end
  -- Not to the brim: what is entered meanwhile would push out what was just read.
  local room = bound - redis.call('ZCARD', LANE .. lane)
  return { math.min(MOST, math.max(1, math.floor(room * 0.9))), over.position }
end
if over then
  local ended = ARGV[4] == '' and math.huge or now + tonumber(ARGV[4])
  local horizon = math.min(ended, over.since)
  if horizon == math.huge then
    redis.call('HDEL', OVER, lane)
  else
    local known = over.since >= ended + ARRIVAL
    set_over(lane, { horizon = horizon, since = math.huge, position = known and ARGV[5] or '' })
  end
end
redis.call('DEL', TOPUP .. lane)
touched[lane] = true
finish()
return 1
