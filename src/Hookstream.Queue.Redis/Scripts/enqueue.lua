-- ARGV: now, bound, deliveries, how: '' (committed just now), 'refill' or 'restamp' (read from the store)
upsert(ARGV[3], ARGV[4] == 'refill', ARGV[4] ~= '')
finish()
return 1
