-- One sweeps at a time. ARGV: now, bound, who, for how long. Returns 1 when it is this one.
local leader = redis.call('GET', base .. 'leader')
if leader and leader ~= ARGV[3] then return 0 end
redis.call('SET', base .. 'leader', ARGV[3], 'PX', ARGV[4])
return 1
