-- Tokens only grow: a greater one says that somebody came after. What Redis does not know is for the store to decide.
-- ARGV: now, bound, leases (id, version, token). Returns the positions of those that are lost.
local l = columns('<c16dd', ARGV[3], 3)
local lost = {}
for i, raw in ipairs(raws_of(l[1])) do
  if raw and not is_latest(raw, l[2][i], l[3][i]) then lost[#lost + 1] = i - 1 end
end
return lost
