-- What the scripts share; put in front of each of them. The only key that is passed is the prefix with its hash tag: every key
-- is that and something more, so all of them are in one slot.
--
--   deliveries       hash: delivery id to what is known of it (ENTRY)
--   lane:<lane>      sorted set: what waits in a lane, by due time; a lane is tenant, subscriber and class
--   leases           sorted set: what is leased or locked, by expiry
--   timers           sorted set: lanes in which nothing is due yet, by when to look at them
--   round            sorted set: tenants with something due, by turn
--   turns:<tenant>   sorted set: the tenant's lanes with something due, by priority, then by turn
--   kept:<tenant>    sorted set: its lanes of retries for which there were no slots, by their places among those turns
--   kept             sorted set: tenants that have some, by turn
--   holds            hash: subscriber to its gate (HOLD)
--   over             hash: a lane that holds only the first part of what waits, to where that part ends (OVER)
--   topup:<lane>     somebody is reading more of the lane from the store
--   nodes            hash: a process to when it was last heard of, and when that began which it has yet to look at
--   asked, answered  the last call for a pass over the store, and the last one that was followed
--   epoch, grace, generation, token, turn, leader
--
-- Nothing here looks at more than what a call takes, puts or finds expired.
local base = KEYS[1]
local DELIVERIES, LEASES, TIMERS, ROUND = base .. 'deliveries', base .. 'leases', base .. 'timers', base .. 'round'
local KEPT_ROUND, KEPT = base .. 'kept', base .. 'kept:'
local HOLDS, OVER, EPOCH, GRACE = base .. 'holds', base .. 'over', base .. 'epoch', base .. 'grace'
local LANE, TURNS, TOPUP = base .. 'lane:', base .. 'turns:', base .. 'topup:'

-- Numbers are doubles: times in milliseconds and tokens in microseconds since 1970 are far from the 2^53 that one holds exactly.
-- version, token, due, generation, state, class, releases, subscriber, tenant, leases lost
local ENTRY = '<dddI4BBBc16c16B'
-- id, tenant, subscriber, class, due in, version
local QUEUED = '<c16c16c16Bdd'
-- version, state, blocked until, most in flight, rate per second (0: no limit), up to when it is used up
local HOLD = '<dBdddd'
-- As programs write it that know no rates yet.
local HOLD_WITHOUT_RATE = 25
-- States of a hold. Of one whose circuit is open one delivery is claimed when it is blocked no more, and blocks it again.
local OPEN_GATE, SHUT_GATE, PROBED_GATE = 0, 1, 2
-- What is due at the first or later is not here, but in the store; the least due time turned away since a read began; then, in 24
-- bytes, up to where the store was read, where that is known: all before it is here, or has been.
local OVER_ENTRY = '<dd'
-- A due time arrives late by what its call takes. Calls that take longer fail, which is followed by a pass over the store.
local ARRIVAL = 5000

local WAITING, LEASED, LOCKED, STUB = 0, 1, 2, 3
-- As LaneClass has them: the classes of first attempts by priority, then those of retries by the same.
local PRIORITIES, CLASSES = 4, 8
local PRIORITY = 2 ^ 50
local TOPUP_RETRY = 1000
local TRIM = 2000

local clock = redis.call('TIME')
local micros = clock[1] * 1000000 + clock[2]
local now = ARGV[1] ~= '' and tonumber(ARGV[1]) or math.floor(micros / 1000)
-- How much of a lane is held here: less while there is much in all.
local lane_bound, crowded_bound, crowd = struct.unpack('<i4i4i4', ARGV[2])
local bound = redis.call('HLEN', DELIVERIES) < crowd and lane_bound or math.min(lane_bound, crowded_bound)

local wake = false
local turn, token, any_over
local holds, touched = {}, {}

local function batch(command, key, list)
  for i = 1, #list, 1000 do
    redis.call(command, key, unpack(list, i, math.min(i + 999, #list)))
  end
end

local function next_turn()
  turn = (turn or tonumber(redis.call('GET', base .. 'turn') or 0)) + 1
  return turn
end

-- Greater than every one before, even where Redis has forgotten them: at least the time.
local function next_token()
  token = math.max(token or tonumber(redis.call('GET', base .. 'token') or 0), micros - 1) + 1
  return token
end

local function read(raw)
  local entry = {}
  entry.version, entry.token, entry.due, entry.generation, entry.state, entry.class, entry.releases, entry.subscriber,
    entry.tenant, entry.lost = struct.unpack(ENTRY, raw)
  return entry
end

local function packed(entry)
  return struct.pack(ENTRY, entry.version, entry.token, entry.due, entry.generation, entry.state, entry.class,
    entry.releases, entry.subscriber, entry.tenant, entry.lost)
end

local function lane_of(entry)
  return entry.tenant .. entry.subscriber .. string.char(entry.class)
end

-- What is known of these, in their order; false where nothing is.
local function find(ids)
  local found = {}
  for i = 1, #ids, 1000 do
    local last = math.min(i + 999, #ids)
    local raws = redis.call('HMGET', DELIVERIES, unpack(ids, i, last))
    for j = 1, last - i + 1 do
      found[i + j - 1] = raws[j] and read(raws[j]) or false
    end
  end
  return found
end

-- The same as they are stored, for those who need a few fields of many.
local function raws_of(ids)
  local raws = {}
  for i = 1, #ids, 1000 do
    for _, raw in ipairs(redis.call('HMGET', DELIVERIES, unpack(ids, i, math.min(i + 999, #ids)))) do raws[#raws + 1] = raw end
  end
  return raws
end

-- Whether nobody has come after whoever holds this lease.
local function is_latest(raw, version, token)
  local known, held = struct.unpack('<dd', raw)
  return held <= token and known <= version
end

-- Items of one format, one behind the other in a string: a table with a list per field.
local function columns(format, blob, count)
  local lists = {}
  for c = 1, count do lists[c] = {} end
  local position, row = 1, 1
  while position <= #blob do
    local fields = { struct.unpack(format, blob, position) }
    for c = 1, count do lists[c][row] = fields[c] end
    position, row = fields[count + 1], row + 1
  end
  return lists
end

local OPEN = { state = OPEN_GATE, shut = false, blocked = 0, most = 0, version = -1, rate = 0, paid = 0 }

local function read_hold(raw)
  if #raw == HOLD_WITHOUT_RATE then raw = raw .. struct.pack('<dd', 0, 0) end
  local version, state, blocked, most, rate, paid = struct.unpack(HOLD, raw)
  return {
    version = version, state = state, shut = state == SHUT_GATE, blocked = blocked, most = most, rate = rate, paid = paid,
  }
end

local function set_hold(subscriber, hold)
  hold.shut = hold.state == SHUT_GATE
  holds[subscriber] = hold
  redis.call('HSET', HOLDS, subscriber, struct.pack(
    HOLD, hold.version, hold.state, hold.blocked, hold.most, hold.rate, hold.paid))
end

-- The rate of an endpoint: RateBucket says what this is, and has the same arithmetic. Milliseconds.
local RATE_PAUSE = 50

local function rate_capacity(rate)
  return math.max(1000, 1000 / rate) + math.min(500 / rate, 500)
end

local function rate_debt(hold)
  return math.max(0, math.min(hold.paid - now, rate_capacity(hold.rate)))
end

-- How many of it may be claimed at once.
local function tokens_of(hold)
  if hold.rate <= 0 then return math.huge end
  return math.floor((rate_capacity(hold.rate) - rate_debt(hold)) * hold.rate / 1000 + 1e-3)
end

-- When there is a token again; 0: now.
local function ready_at(hold)
  if tokens_of(hold) > 0 then return 0 end
  return math.max(now + RATE_PAUSE, math.ceil(now + rate_debt(hold) - rate_capacity(hold.rate) + 1000 / hold.rate))
end

local function hold_of(subscriber)
  local hold = holds[subscriber]
  if not hold then
    local raw = redis.call('HGET', HOLDS, subscriber)
    hold = raw and read_hold(raw) or OPEN
    holds[subscriber] = hold
  end
  return hold
end

local function over_of(lane)
  if any_over == nil then any_over = redis.call('EXISTS', OVER) == 1 end
  local raw = any_over and redis.call('HGET', OVER, lane)
  if not raw then return nil end
  local horizon, since = struct.unpack(OVER_ENTRY, raw)
  return { horizon = horizon, since = since, position = raw:sub(17) }
end

-- What is due then stays in the store. Where the store was read up to is not known for certain any more when it is about there.
local function turn_away(over, due)
  over.since = math.min(over.since, due)
  if due < over.horizon + ARRIVAL then over.position = '' end
end

local function set_over(lane, over)
  any_over = true
  redis.call('HSET', OVER, lane, struct.pack(OVER_ENTRY, over.horizon, over.since) .. over.position)
end

-- The gates of many endpoints at once.
local function fetch_holds(subscribers)
  if #subscribers == 0 then return end
  for i, raw in ipairs(redis.call('HMGET', HOLDS, unpack(subscribers))) do
    holds[subscribers[i]] = raw and read_hold(raw) or OPEN
  end
end

local function priority_of(lane)
  return lane:byte(33) % PRIORITIES
end

local function is_retry(lane)
  return lane:byte(33) >= PRIORITIES
end

-- The lane of the same endpoint and priority for what this one is not for.
local function other_of(lane)
  return lane:sub(1, 32) .. string.char((lane:byte(33) + PRIORITIES) % CLASSES)
end

local function take_turn(lane, quiet)
  local tenant = lane:sub(1, 16)
  local at = next_turn()
  if redis.call('ZADD', TURNS .. tenant, 'NX', priority_of(lane) * PRIORITY + at, lane) == 1 and not quiet then
    wake = true
  end
  redis.call('ZADD', ROUND, 'NX', at, tenant)
end

-- When to look at a lane of which something is due at `due` (nil: nothing waits); nil: when told to. A lane that wants more
-- from the store is named in `topups`, to one caller at a time.
local function look_at(lane, due, topups)
  local hold = hold_of(lane:sub(17, 32))
  if hold.shut then return nil end
  local at = due and math.max(due, hold.blocked, ready_at(hold))
  if over_of(lane) and redis.call('ZCARD', LANE .. lane) < bound / 2 then
    local look = now
    if topups then
      look = now + TOPUP_RETRY
      if redis.call('SET', TOPUP .. lane, '1', 'NX', 'PX', 10000) then topups[#topups + 1] = lane end
    end
    at = at and math.min(at, look) or look
  end
  return at
end

-- Puts a lane where it belongs: among those with something due, behind a timer, or nowhere while its endpoint is shut. An old
-- timer may stay behind: the lane is then looked at once more than needed.
local function arrange(lane, quiet, topups)
  local due = redis.call('ZRANGE', LANE .. lane, 0, 0, 'WITHSCORES')[2]
  local at = look_at(lane, due and tonumber(due), topups)
  if at and at <= now then
    take_turn(lane, quiet)
  elseif at then
    -- Whoever set an earlier timer waits for it, and whoever waits looks again after a second anyway.
    local earlier = redis.call('ZADD', TIMERS, 'LT', 'CH', at, lane) == 1
    if earlier and at - now < 1000 and not quiet then wake = true end
  end
end

local function arrange_touched(quiet, topups)
  for lane in pairs(touched) do arrange(lane, quiet, topups) end
  touched = {}
end

-- Takes deliveries out of wherever they are.
local function forget(ids, entries)
  local gone, leases = {}, {}
  for i, id in ipairs(ids) do
    local entry = entries[i]
    if entry then
      gone[#gone + 1] = id
      if entry.state == WAITING then
        redis.call('ZREM', LANE .. lane_of(entry), id)
      else
        leases[#leases + 1] = id
      end
    end
  end
  batch('HDEL', DELIVERIES, gone)
  batch('ZREM', LEASES, leases)
end

-- Lets leased or locked deliveries wait again, at the time at which they were due.
local function put_back(ids, entries)
  local values, gone, lanes = {}, {}, {}
  for i, id in ipairs(ids) do
    local entry = entries[i]
    if entry and entry.state == STUB then
      gone[#gone + 1] = id
    elseif entry then
      entry.state = WAITING
      values[#values + 1] = id
      values[#values + 1] = packed(entry)
      local lane = lane_of(entry)
      lanes[lane] = lanes[lane] or {}
      table.insert(lanes[lane], entry.due)
      table.insert(lanes[lane], id)
      touched[lane] = true
    end
  end
  for lane, members in pairs(lanes) do batch('ZADD', LANE .. lane, members) end
  batch('HSET', DELIVERIES, values)
  batch('HDEL', DELIVERIES, gone)
  batch('ZREM', LEASES, ids)
end

-- A lane keeps the first of what waits in it; what is beyond the bound stays in the store, and from where is noted. Where the bound
-- has fallen some go at a time.
local function trim(lane)
  local excess = math.min(redis.call('ZCARD', LANE .. lane) - bound, TRIM)
  if excess <= 0 then return end
  local last = redis.call('ZREVRANGE', LANE .. lane, 0, excess - 1, 'WITHSCORES')
  local ids = {}
  for i = 1, #last, 2 do ids[#ids + 1] = last[i] end
  redis.call('ZREMRANGEBYRANK', LANE .. lane, -excess, -1)
  batch('HDEL', DELIVERIES, ids)
  local over = over_of(lane) or { horizon = math.huge, since = math.huge, position = '' }
  local first = tonumber(last[#last])
  over.horizon = math.min(over.horizon, first)
  turn_away(over, first)
  set_over(lane, over)
end

-- Enters what waits. `refill`: read from the store for this lane, so what is beyond its end is wanted.
-- `restamp`: a pass over the store has seen it. Answers how many were not known, or older.
local function upsert(blob, refill, restamp)
  local q = columns(QUEUED, blob, 6)
  local ids = q[1]
  local known = find(ids)
  local generation = tonumber(redis.call('GET', base .. 'generation') or 0)
  local lanes, values, leases, latest, entered = {}, {}, {}, {}, 0
  for i, id in ipairs(ids) do
    local before, version = latest[id] or known[i], q[6][i]
    if before and before.state ~= STUB and before.version >= version then
      if restamp and before.version == version and before.generation ~= generation and not latest[id] then
        before.generation = generation
        values[#values + 1] = id
        values[#values + 1] = packed(before)
      end
    else
      if before and before.state == WAITING then
        local lane = lane_of(before)
        redis.call('ZREM', LANE .. lane, id)
        if lanes[lane] then lanes[lane][id] = nil end
        touched[lane] = true
      elseif before then
        leases[#leases + 1] = id
      end
      local entry = {
        version = version, token = before and before.token or 0, due = now + q[5][i], generation = generation,
        state = WAITING, class = q[4][i], releases = 0, subscriber = q[3][i], tenant = q[2][i],
        lost = 0,
      }
      latest[id] = entry
      local lane = lane_of(entry)
      lanes[lane] = lanes[lane] or {}
      lanes[lane][id] = entry
      touched[lane] = true
    end
  end

  batch('ZREM', LEASES, leases)
  for lane, entries in pairs(lanes) do
    local over = over_of(lane)
    local members, gone = {}, {}
    for id, entry in pairs(entries) do
      if over and not refill and entry.due >= over.horizon then
        turn_away(over, entry.due)
        gone[#gone + 1] = id
      else
        members[#members + 1] = entry.due
        members[#members + 1] = id
        values[#values + 1] = id
        values[#values + 1] = packed(entry)
        entered = entered + 1
      end
    end
    batch('ZADD', LANE .. lane, members)
    if #gone > 0 then
      batch('HDEL', DELIVERIES, gone)
      set_over(lane, over)
    end
  end
  batch('HSET', DELIVERIES, values)
  for lane in pairs(lanes) do trim(lane) end
  return entered
end

local function finish(quiet)
  arrange_touched(quiet)
  if turn then redis.call('SET', base .. 'turn', turn) end
  if token then redis.call('SET', base .. 'token', token) end
  if wake then redis.call('PUBLISH', base .. 'wake', '1') end
end
