-- Keeps claims away from deliveries that are about to be changed, known here or not.
-- ARGV: now, bound, deliveries (ids), duration. Returns the locks' token, and the positions of those that are in use.
local ids = columns('<c16', ARGV[3], 1)[1]
local held = next_token()
local busy, values, expiries = {}, {}, {}
for i, entry in ipairs(find(ids)) do
  local id = ids[i]
  local expiry = entry and entry.state ~= WAITING and redis.call('ZSCORE', LEASES, id)
  if expiry and tonumber(expiry) > now then
    busy[#busy + 1] = i - 1
  else
    if entry and entry.state == WAITING then
      redis.call('ZREM', LANE .. lane_of(entry), id)
      touched[lane_of(entry)] = true
    end
    if not entry or entry.state == STUB then
      entry = { version = -1, due = 0, generation = 0, state = STUB, class = 0, releases = 0,
        subscriber = id, tenant = id, lost = 0 }
    else
      entry.state = LOCKED
    end
    entry.token = held
    values[#values + 1] = id
    values[#values + 1] = packed(entry)
    expiries[#expiries + 1] = now + tonumber(ARGV[4])
    expiries[#expiries + 1] = id
  end
end
batch('HSET', DELIVERIES, values)
batch('ZADD', LEASES, expiries)
finish(true)
return { struct.pack('<d', held), busy }
