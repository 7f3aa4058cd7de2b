-- Gives leases back. A new token makes the old lease a lost one.
-- ARGV: now, bound, leases (id, version, token). Returns what was given back before without any outcome between.
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
finish()
return again
