-- Takes out what a pass over the store has not seen, a part at a time. What is leased is left to whoever has it.
-- ARGV: now, bound, cursor, the pass's generation. Returns the next cursor, and how many went.
local scan = redis.call('HSCAN', DELIVERIES, ARGV[3], 'COUNT', 500)
local ids, entries, generation = {}, {}, tonumber(ARGV[4])
for i = 1, #scan[2], 2 do
  local entry = read(scan[2][i + 1])
  if entry.state == WAITING and entry.generation < generation then
    ids[#ids + 1] = scan[2][i]
    entries[#entries + 1] = entry
    touched[lane_of(entry)] = true
  end
end
forget(ids, entries)
finish(true)
return { scan[1], #ids }
