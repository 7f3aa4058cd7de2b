-- ARGV: now, bound, locks (id, token)
local l = columns('<c16d', ARGV[3], 2)
local entries = find(l[1])
local ids, mine = {}, {}
for i, id in ipairs(l[1]) do
  local entry = entries[i]
  if entry and entry.state >= LOCKED and entry.token == l[2][i] then
    ids[#ids + 1] = id
    mine[#mine + 1] = entry
  end
end
put_back(ids, mine)
finish()
return 1
