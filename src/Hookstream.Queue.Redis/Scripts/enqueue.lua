-- ARGV: now, bound, deliveries, how: '' (committed just now), 'refill' or 'restamp' (read from the store)
-- Answers how many were entered.
local entered = upsert(ARGV[3], ARGV[4] == 'refill', ARGV[4] ~= '')
finish()
return entered
