-- The gates are known: claims may begin. ARGV: now, bound, epoch, how long leases that ran out meanwhile are left alone
redis.call('SET', EPOCH, ARGV[3])
redis.call('SET', GRACE, now + tonumber(ARGV[4]))
redis.call('PUBLISH', base .. 'wake', '1')
return 1
