-- Leases what is due: tenants in turn, within a tenant the highest class first, within that its lanes in turn, each its share.
-- ARGV: now, bound, epoch, slots, slots per endpoint, lease duration, free slots (subscriber, slots)
-- Returns 0 for another epoch; else 1, the leases, milliseconds until something may be due (-1: nothing), lanes to top up.
if redis.call('GET', EPOCH) ~= ARGV[3] then return { 0 } end
local slots, per_endpoint, duration = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local LIMIT = 200

local free = {}
local position = 1
while position <= #ARGV[7] do
  local subscriber, slots_there
  subscriber, slots_there, position = struct.unpack('<c16i4', ARGV[7], position)
  free[subscriber] = slots_there
end

-- Leases that have run out are due again. Not in the first seconds after Redis came back: their owners come first then.
local grace = tonumber(redis.call('GET', GRACE) or 0)
if now >= grace then
  local expired = redis.call('ZRANGEBYSCORE', LEASES, '-inf', now, 'LIMIT', 0, LIMIT)
  if #expired > 0 then
    put_back(expired, find(expired))
    arrange_touched(true)
  end
end

local topups, passed, taken = {}, {}, 0
local leases, expiries, values = {}, {}, {}

local function serve(lane, share)
  local subscriber = lane:sub(17, 32)
  local rows = redis.call('ZRANGEBYSCORE', LANE .. lane, '-inf', now, 'LIMIT', 0, share)
  if #rows > 0 then
    local entries = find(rows)
    for i, id in ipairs(rows) do
      local entry = entries[i]
      if entry then
        entry.token = next_token()
        entry.state = LEASED
        values[#values + 1] = id
        values[#values + 1] = packed(entry)
        expiries[#expiries + 1] = now + duration
        expiries[#expiries + 1] = id
        taken = taken + 1
        leases[taken] = struct.pack('<c16c16c16dd', id, entry.tenant, subscriber, entry.version, entry.token)
      end
    end
    batch('ZREM', LANE .. lane, rows)
    free[subscriber] = free[subscriber] - #rows
  end
  arrange(lane, true, topups)
end

-- One lane of this tenant, taken out of its turns.
local function serve_tenant(tenant, others)
  while true do
    local lane = redis.call('ZPOPMIN', TURNS .. tenant)[1]
    if not lane then return false end
    local subscriber, class = lane:sub(17, 32), lane:byte(33)
    local hold = hold_of(subscriber)
    if hold.shut or hold.blocked > now then
      arrange(lane, true)
    else
      if not free[subscriber] then
        free[subscriber] = hold.most > 0 and math.min(per_endpoint, hold.most) or per_endpoint
      end
      if free[subscriber] <= 0 then
        passed[#passed + 1] = lane
      else
        local share = math.max(1, math.floor((slots - taken) / (others + 1)))
        local lanes = redis.call('ZCOUNT', TURNS .. tenant, class * CLASS, '(' .. string.format('%.0f', (class + 1) * CLASS))
        share = math.max(1, math.floor(share / (lanes + 1)))
        serve(lane, math.min(share, free[subscriber], slots - taken))
        return true
      end
    end
  end
end

repeat
  -- Lanes whose time has come, some at a time; then the turns.
  local due = redis.call('ZRANGEBYSCORE', TIMERS, '-inf', now, 'LIMIT', 0, LIMIT)
  for _, lane in ipairs(due) do arrange(lane, true, topups) end
  while taken < slots do
    local tenant = redis.call('ZPOPMIN', ROUND)[1]
    if not tenant then break end
    if serve_tenant(tenant, redis.call('ZCARD', ROUND)) then
      redis.call('ZADD', ROUND, 'NX', next_turn(), tenant)
    end
  end
until #due < LIMIT or taken >= slots

for _, lane in ipairs(passed) do take_turn(lane, true) end
batch('HSET', DELIVERIES, values)
batch('ZADD', LEASES, expiries)

local first = redis.call('ZRANGE', TIMERS, 0, 0, 'WITHSCORES')[2]
local expiry = redis.call('ZRANGE', LEASES, 0, 0, 'WITHSCORES')[2]
local at = math.min(first and tonumber(first) or math.huge, expiry and math.max(tonumber(expiry), grace) or math.huge)
finish(true)
return { 1, table.concat(leases), at == math.huge and -1 or math.max(0, at - now), topups }
