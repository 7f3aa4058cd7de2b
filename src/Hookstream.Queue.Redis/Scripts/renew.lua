-- Lengthens leases. One that Redis has forgotten, and nobody holds, is taken up again.
-- ARGV: now, bound, leases (id, version, token), duration. Returns the positions of those that are lost.
local l = columns('<c16dd', ARGV[3], 3)
local entries = find(l[1])
local expiries, values, lost = {}, {}, {}
for i, id in ipairs(l[1]) do
  local entry, held = entries[i], l[3][i]
  if not entry or entry.version ~= l[2][i] or entry.token > held or entry.state >= LOCKED then
    lost[#lost + 1] = i - 1
  else
    if entry.state == WAITING then redis.call('ZREM', LANE .. lane_of(entry), id) end
    if entry.state == WAITING or entry.token ~= held then
      entry.state, entry.token = LEASED, held
      values[#values + 1] = id
      values[#values + 1] = packed(entry)
    end
    expiries[#expiries + 1] = now + tonumber(ARGV[4])
    expiries[#expiries + 1] = id
  end
end
batch('HSET', DELIVERIES, values)
batch('ZADD', LEASES, expiries)
finish()
return lost
