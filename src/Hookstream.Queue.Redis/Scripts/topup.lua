-- A lane is about to be read from the store ('begin'), or has been: then up to what is due in so many milliseconds, or
-- whole ('').
-- ARGV: now, bound, lane, 'begin', or where the read ended
local lane = ARGV[3]
local over = over_of(lane)
if ARGV[4] == 'begin' then
  if not over then return 0 end
  over.since = math.huge
  set_over(lane, over)
  return 1
end
if over then
  local horizon = math.min(ARGV[4] == '' and math.huge or now + tonumber(ARGV[4]), over.since)
  if horizon == math.huge then
    redis.call('HDEL', OVER, lane)
  else
    set_over(lane, { horizon = horizon, since = math.huge })
  end
end
redis.call('DEL', TOPUP .. lane)
touched[lane] = true
finish()
return 1
