-- Ends leases whose outcomes are recorded, and enters what waits again. What has been taken over or moved on stays.
-- ARGV: now, bound, leases (id, version, token), deliveries
local l = columns('<c16dd', ARGV[3], 3)
local gone, leases = {}, {}
for i, raw in ipairs(raws_of(l[1])) do
  if raw and is_latest(raw, l[2][i], l[3][i]) then
    local id = l[1][i]
    gone[#gone + 1] = id
    if raw:byte(29) == WAITING then
      redis.call('ZREM', LANE .. lane_of(read(raw)), id)
    else
      leases[#leases + 1] = id
    end
  end
end
batch('HDEL', DELIVERIES, gone)
batch('ZREM', LEASES, leases)
upsert(ARGV[4], false, false)
finish()
return 1
