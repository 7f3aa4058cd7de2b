-- Gives leases back. A new token makes the old lease a lost one.
-- ARGV: now, bound, leases (id, version, token), endpoints whose probes were not sent. Returns what was given back before without any outcome between.
local l = columns('<c16dd', ARGV[3], 3)
local entries = find(l[1])
local ids, mine, again = {}, {}, {}
for i, id in ipairs(l[1]) do
  local entry = entries[i]
  if entry and entry.token == l[3][i] and entry.state == LEASED then
    entry.token = next_token()
    if entry.releases > 0 then again[#again + 1] = id end
    entry.releases = math.min(entry.releases + 1, 255)
    ids[#ids + 1] = id
    mine[#mine + 1] = entry
  end
end
put_back(ids, mine)
for position = 1, #ARGV[4], 16 do
  local subscriber = ARGV[4]:sub(position, position + 15)
  local hold = hold_of(subscriber)
  if hold.state == PROBED_GATE then
    hold.blocked = 0
    set_hold(subscriber, hold)
  end
end
finish()
return again
