-- Leases what is due: tenants in turn, within a tenant the highest priority first, within that its lanes in turn, those of first
-- attempts and those of retries, each its share.
-- ARGV: now, bound, epoch, slots, slots per endpoint, lease duration, free slots (subscriber, slots), how long a probe
-- keeps others away, tenants that are kept out, slots for retries
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
    local entries = find(expired)
    -- Whoever had it is gone: that is counted until an outcome is recorded, so that what brings its senders down ends.
    for _, entry in ipairs(entries) do
      if entry and entry.state == LEASED then entry.lost = math.min(entry.lost + 1, 255) end
    end
    put_back(expired, entries)
    arrange_touched(true)
  end
end

local full, kept_out = {}, {}
for position = 1, #ARGV[9], 16 do full[ARGV[9]:sub(position, position + 15)] = true end

local topups, passed, taken = {}, {}, 0
local retries, served, yielded = tonumber(ARGV[10]), {}, {}
local claimed, probes = {}, {}
local PROBE_LEASE = tonumber(ARGV[8])

-- Takes its share of what is due in a lane, which is out of its turns; it comes again, or waits behind a timer.
local function serve(lane, share)
  local subscriber = lane:sub(17, 32)
  -- Without their scores, which would have to be written and read as text.
  local rows = redis.call('ZRANGEBYSCORE', LANE .. lane, '-inf', now, 'LIMIT', 0, share)
  local count = #rows
  if count > 0 then
    for i = 1, count do claimed[taken + i] = rows[i] end
    redis.call('ZREMRANGEBYRANK', LANE .. lane, 0, count - 1)
    taken = taken + count
    if is_retry(lane) then retries = retries - count end
    served[subscriber] = true
    free[subscriber] = free[subscriber] - count
    local hold = hold_of(subscriber)
    if hold.state == PROBED_GATE then
      probes[rows[1]] = true
      hold.blocked = now + PROBE_LEASE
    end
    if hold.rate > 0 then hold.paid = now + rate_debt(hold) + count * 1000 / hold.rate end
    if hold.state == PROBED_GATE or hold.rate > 0 then set_hold(subscriber, hold) end
  end
  local due = redis.call('ZRANGE', LANE .. lane, 0, 0, 'WITHSCORES')[2]
  local at = look_at(lane, due and tonumber(due), topups)
  if at and at <= now then
    redis.call('ZADD', TURNS .. lane:sub(1, 16), 'NX', priority_of(lane) * PRIORITY + next_turn(), lane)
  elseif at then
    redis.call('ZADD', TIMERS, at, lane)
  end
end

-- The tenant's first lane from this one on that is open, has a token of its rate and slots free. Those that have none keep out of this
-- claim; lanes of retries without slots keep out of all claims until one has some, so that those do not walk past them. A probe needs
-- none of those: an endpoint that is well again is not to wait for slots that others' retries hold.
local function usable(tenant, lane, place)
  while lane do
    local subscriber = lane:sub(17, 32)
    local hold = hold_of(subscriber)
    if hold.shut or hold.blocked > now then
      arrange(lane, true, topups)
    elseif tokens_of(hold) < 1 then
      arrange(lane, true, topups)
      -- In the same millisecond, but before the endpoint's other lane, which has had the tokens.
      redis.call('ZADD', TIMERS, 'LT', ready_at(hold) - 0.5, lane)
    elseif retries <= 0 and is_retry(lane) and hold.state ~= PROBED_GATE then
      redis.call('ZADD', KEPT .. tenant, 'NX', place, lane)
      redis.call('ZADD', KEPT_ROUND, 'NX', next_turn(), tenant)
    else
      if not free[subscriber] then
        free[subscriber] = hold.most > 0 and math.min(per_endpoint, hold.most) or per_endpoint
      end
      if hold.state == PROBED_GATE then free[subscriber] = math.min(free[subscriber], 1) end
      if free[subscriber] > 0 then return lane end
      -- What the endpoint's other lane has taken the slots from comes before that the next time.
      if served[subscriber] then
        yielded[#yielded + 1], yielded[#yielded + 2] = lane, place
      else
        passed[#passed + 1] = lane
      end
    end
    local next = redis.call('ZPOPMIN', TURNS .. tenant)
    lane, place = next[1], next[2]
  end
end

-- Lets lanes of retries that were kept out have their turns, each at the place that it had: about so many, from each tenant alike.
local function bring_back(most)
  local tenants = redis.call('ZPOPMIN', KEPT_ROUND, most)
  local each = math.ceil(2 * most / math.max(#tenants, 1))
  for i = 1, #tenants, 2 do
    local tenant = tenants[i]
    local lanes = redis.call('ZPOPMIN', KEPT .. tenant, each)
    for j = 1, #lanes, 2 do redis.call('ZADD', TURNS .. tenant, 'NX', lanes[j + 1], lanes[j]) end
    redis.call('ZADD', ROUND, 'NX', next_turn(), tenant)
    if #lanes == 2 * each then redis.call('ZADD', KEPT_ROUND, next_turn(), tenant) end
  end
  return #tenants
end

-- One lane of each of these tenants, in their order.
local function serve_round(tenants, others)
  local lanes, subscribers, turns = {}, {}, {}
  for i = 1, #tenants, 2 do
    local popped = redis.call('ZPOPMIN', TURNS .. tenants[i])
    lanes[i], lanes[i + 1] = popped[1], popped[2]
    if popped[1] then subscribers[#subscribers + 1] = popped[1]:sub(17, 32) end
  end
  fetch_holds(subscribers)
  for i = 1, #tenants, 2 do
    local tenant = tenants[i]
    if full[tenant] then
      if lanes[i] then
        redis.call('ZADD', TURNS .. tenant, lanes[i + 1], lanes[i])
        kept_out[#kept_out + 1], kept_out[#kept_out + 2] = tenants[i + 1], tenant
      end
    elseif taken >= slots then
      if lanes[i] then
        redis.call('ZADD', TURNS .. tenant, lanes[i + 1], lanes[i])
        turns[#turns + 1], turns[#turns + 2] = tenants[i + 1], tenant
      end
    else
      local lane = usable(tenant, lanes[i], lanes[i + 1])
      if lane then
        local priority = priority_of(lane)
        local share = math.max(1, math.floor((slots - taken) / (others + 1)))
        local more = share == 1 and 0 or redis.call(
          'ZCOUNT', TURNS .. tenant, priority * PRIORITY, '(' .. string.format('%.0f', (priority + 1) * PRIORITY))
        share = math.max(1, math.floor(share / (more + 1)))
        local subscriber = lane:sub(17, 32)
        local hold = hold_of(subscriber)
        if is_retry(lane) and hold.state ~= PROBED_GATE then share = math.min(share, retries) end
        serve(lane, math.min(share, free[subscriber], slots - taken, tokens_of(hold)))
        turns[#turns + 1], turns[#turns + 2] = next_turn(), tenant
      end
    end
  end
  batch('ZADD', ROUND, turns)
end

repeat
  -- Lanes whose time has come, and those that waited for slots for retries, some at a time; then the turns.
  local due = redis.call('ZRANGEBYSCORE', TIMERS, '-inf', now, 'LIMIT', 0, LIMIT)
  if #due > 0 then redis.call('ZREM', TIMERS, unpack(due)) end
  for _, lane in ipairs(due) do
    arrange(lane, true, topups)
    -- Both lanes of an endpoint with a rate, as there may be one token for the two.
    if hold_of(lane:sub(17, 32)).rate > 0 then arrange(other_of(lane), true, topups) end
  end
  local again = retries > 0 and bring_back(math.min(retries, LIMIT)) or 0
  while taken < slots do
    local tenants = redis.call('ZPOPMIN', ROUND, math.min(slots - taken, LIMIT))
    if #tenants == 0 then break end
    serve_round(tenants, redis.call('ZCARD', ROUND) + #tenants / 2 - 1)
  end
until (#due < LIMIT and again == 0) or taken >= slots
for _, lane in ipairs(passed) do take_turn(lane, true) end
for i = 1, #yielded, 2 do
  redis.call('ZADD', TURNS .. yielded[i]:sub(1, 16), yielded[i + 1], yielded[i])
  redis.call('ZADD', ROUND, 'NX', next_turn(), yielded[i]:sub(1, 16))
end
batch('ZADD', ROUND, kept_out)

-- Written as bytes, which is quicker than field by field: see ENTRY for where they are. All of a claim have one token.
local leases, expiries, values = {}, {}, {}
if taken > 0 then
  local held, leased = struct.pack('<d', next_token()), string.char(LEASED)
  local expiry = string.format('%.0f', now + duration)
  local count = 0
  for i, raw in ipairs(raws_of(claimed)) do
    if raw then
      local id, version = claimed[i], raw:sub(1, 8)
      values[2 * count + 1] = id
      values[2 * count + 2] = version .. held .. raw:sub(17, 28) .. leased .. raw:sub(30)
      expiries[2 * count + 1] = expiry
      expiries[2 * count + 2] = id
      count = count + 1
      leases[count] = id .. raw:sub(48, 63) .. raw:sub(30, 47) .. version .. held .. raw:sub(64) .. (probes[id] and '\1' or '\0')
    end
  end
end
batch('HSET', DELIVERIES, values)
batch('ZADD', LEASES, expiries)

local first = redis.call('ZRANGE', TIMERS, 0, 0, 'WITHSCORES')[2]
local expiry = redis.call('ZRANGE', LEASES, 0, 0, 'WITHSCORES')[2]
local at = math.min(first and tonumber(first) or math.huge, expiry and math.max(tonumber(expiry), grace) or math.huge)
finish(true)
return { 1, table.concat(leases), at == math.huge and -1 or math.max(0, math.ceil(at - now)), topups }
