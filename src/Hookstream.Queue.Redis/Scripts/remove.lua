-- ARGV: now, bound, deliveries (id, the last version that is to go)
local r = columns('<c16d', ARGV[3], 2)
local entries = find(r[1])
for i in ipairs(r[1]) do
  local entry = entries[i]
  if entry and entry.version > r[2][i] then
    entries[i] = false
  elseif entry and entry.state == WAITING then
    touched[lane_of(entry)] = true
  end
end
forget(r[1], entries)
finish(true)
return 1
