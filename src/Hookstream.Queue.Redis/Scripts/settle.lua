-- Ends leases whose outcomes are recorded, and enters what waits again. What has been taken over or moved on stays.
-- ARGV: now, bound, leases (id, version, token), deliveries
local l = columns('<c16dd', ARGV[3], 3)
local entries = find(l[1])
for i in ipairs(l[1]) do
  local entry = entries[i]
  if entry and (entry.token > l[3][i] or entry.version > l[2][i]) then entries[i] = false end
end
forget(l[1], entries)
upsert(ARGV[4], false, false)
finish()
return 1
