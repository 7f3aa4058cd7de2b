-- A process says that it is there, and takes over what those have left that are gone.
-- ARGV: now, bound, who, how long ago that began which it has yet to look at ('': nothing), after which silence one is gone
-- Returns how long ago those that are gone were last heard of, or what they had yet to look at began; -1: nobody is gone.
local nodes = redis.call('HGETALL', base .. 'nodes')
local from, gone = ARGV[4] ~= '' and now - tonumber(ARGV[4]) or now, false
for i = 1, #nodes, 2 do
  local seen, since = struct.unpack('<dd', nodes[i + 1])
  if nodes[i] ~= ARGV[3] and seen < now - tonumber(ARGV[5]) then
    from, gone = math.min(from, since), true
    redis.call('HDEL', base .. 'nodes', nodes[i])
  end
end
redis.call('HSET', base .. 'nodes', ARGV[3], struct.pack('<dd', now, from))
return gone and now - from or -1
