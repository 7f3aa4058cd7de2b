-- Gates have opened or shut. When this has run, no claim passes a shut one.
-- ARGV: now, bound, holds (tenant, subscriber, state, blocked for: negative for not at all, most in flight, version,
-- rate)
local h = columns('<c16c16Bdddd', ARGV[3], 7)
for i, subscriber in ipairs(h[2]) do
  local known, version = hold_of(subscriber), h[6][i]
  if version >= known.version then
    local blocked = h[4][i] >= 0 and now + h[4][i] or 0
    -- Of the same version, the longer wait: a block moves no version on.
    if version == known.version then blocked = math.max(blocked, known.blocked) end
    local rate = h[7][i]
    set_hold(subscriber, {
      version = version, state = h[3][i], blocked = blocked, most = h[5][i], rate = rate,
      paid = rate > 0 and math.min(known.paid, now + rate_capacity(rate)) or 0,
    })
    for class = 0, CLASSES - 1 do
      arrange(h[1][i] .. subscriber .. string.char(class))
    end
  end
end
finish()
return 1
