-- Times are cut to milliseconds. Tenants and subscribers have a number beside their id, so that the big tables stay narrow.

create table meta (
    name text primary key,
    value bytea not null
);

-- Which versions of the program may use this schema: those that know at least `minimum`.
create table schema_compatibility (
    one boolean primary key default true check (one),
    version integer not null,
    minimum integer not null
);

insert into schema_compatibility (version, minimum) values (1, 1);

create table leaders (
    name text primary key,
    owner uuid not null,
    until timestamptz not null
);

create table tenants (
    no bigint generated always as identity primary key,
    id uuid not null unique,
    external_id text,
    name text not null,
    metadata text,
    suspended boolean not null default false,
    -- Moves on with every change of the tenant, its keys and its subscribers; appends compare it.
    version bigint not null default 1,
    changed_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz
);

create unique index tenants_external_id on tenants (external_id)
where external_id is not null and deleted_at is null;

create index tenants_changed on tenants (changed_at);

create table api_keys (
    id uuid primary key,
    tenant bigint not null references tenants (no),
    name text not null,
    prefix text not null,
    scopes integer not null,
    hash bytea not null unique,
    configured boolean not null default false,
    expires_at timestamptz,
    last_used_at timestamptz,
    created_at timestamptz not null
);

create index api_keys_tenant on api_keys (tenant, id);

create table subscribers (
    no bigint generated always as identity primary key,
    id uuid not null unique,
    tenant bigint not null references tenants (no),
    url text not null,
    events text not null,
    description text,
    timeout_ms integer,
    retry_schedule text,
    max_in_flight integer,
    payload_format integer not null,
    verification integer,
    metadata text,
    secret bytea not null,
    previous_secret bytea,
    previous_secret_expires_at timestamptz,
    paused boolean not null default false,
    disabled_reason text,
    verified_at timestamptz,
    -- The deployment's least verification applied: 2 must be verified before anything is claimed.
    effective_verification integer not null,
    blocked_until timestamptz,
    opened_at timestamptz not null,
    challenge_due_at timestamptz,
    challenge_failures integer not null default 0,
    challenge_since timestamptz not null,
    cancelling boolean not null default false,
    cancelling_since timestamptz,
    -- Moves on with every change, so that a queue apart from the store can tell which gate is the newer one.
    gate_version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz
);

create function next_gate_version() returns trigger
language plpgsql as $$
begin
    new.gate_version := old.gate_version + 1;
    return new;
end
$$;

create trigger subscribers_gate_version before update on subscribers
for each row execute function next_gate_version();

create index subscribers_tenant on subscribers (tenant, id) where deleted_at is null;
create index subscribers_challenge on subscribers (challenge_due_at) where challenge_due_at is not null;
create index subscribers_cancelling on subscribers (no) where cancelling;

create table events (
    id uuid not null,
    tenant bigint not null,
    type text not null,
    payload bytea not null,
    idempotency_key text,
    priority smallint not null,
    "timestamp" timestamptz not null,
    created_at timestamptz not null,
    primary key (id)
) partition by range (id);

create index events_tenant on events (tenant, id);
create index events_type on events (tenant, type, id);
-- Payloads are mostly small JSON: compressing what is stored out of line costs more than it saves.
alter table events alter column payload set storage external;

create table idempotency_keys (
    tenant bigint not null,
    key_hash bytea not null,
    event uuid not null,
    content_hash bytea not null,
    enqueued_count integer not null,
    expires_at timestamptz not null,
    primary key (tenant, key_hash)
);

create index idempotency_keys_expiry on idempotency_keys (expires_at);

-- The queue: what is pending (0) or failed (1). Small, whatever the history. Leases are not indexed, so that a claim's update
-- stays within its page.
create table unfinished (
    id uuid primary key,
    tenant bigint not null,
    event uuid not null,
    event_type text not null,
    subscriber bigint not null,
    status smallint not null,
    class smallint not null,
    due timestamptz not null,
    version bigint not null default 0,
    lease_until timestamptz,
    lease_losses smallint not null default 0,
    attempt_count integer not null default 0,
    failures integer not null default 0,
    trigger smallint not null default 0,
    waiting_since timestamptz not null,
    last_attempt_at timestamptz,
    last_status_code integer,
    error_code text,
    error_message text,
    created_at timestamptz not null
) with (
    fillfactor = 60,
    autovacuum_vacuum_scale_factor = 0.0,
    autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_insert_scale_factor = 0.2,
    autovacuum_analyze_scale_factor = 0.1,
    autovacuum_vacuum_cost_delay = 0
);

create index unfinished_lane on unfinished (subscriber, class, due, id);
create index unfinished_tenant on unfinished (tenant, id);
create index unfinished_event on unfinished (event);

-- What has ended: delivered (2), dead-lettered (3), cancelled (4).
create table deliveries (
    id uuid not null,
    tenant bigint not null,
    event uuid not null,
    event_type text not null,
    subscriber bigint not null,
    status smallint not null,
    class smallint not null,
    version bigint not null,
    attempt_count integer not null,
    failures integer not null,
    trigger smallint not null,
    waiting_since timestamptz not null,
    last_attempt_at timestamptz,
    last_status_code integer,
    error_code text,
    error_message text,
    created_at timestamptz not null,
    finished_at timestamptz not null,
    primary key (id)
) partition by range (id);

-- With the status in front of the id, every list is a merge of at most three ranges, whatever it is narrowed to.
create index deliveries_tenant on deliveries (tenant, status, id);
create index deliveries_type on deliveries (tenant, event_type, status, id);
create index deliveries_subscriber on deliveries (subscriber, status, id);
create index deliveries_event on deliveries (event);
-- Rows come in the order in which they finish: this is a few pages for a whole day, and tells retention that all of it is old.
create index deliveries_finished on deliveries using brin (finished_at) with (pages_per_range = 32, autosummarize = on);

create table attempts (
    delivery uuid not null,
    id uuid not null,
    number integer not null,
    trigger smallint not null,
    started_at timestamptz not null,
    duration_us bigint not null,
    outcome smallint not null,
    status_code integer,
    error text,
    request_headers bytea not null,
    response_headers bytea not null,
    response_body bytea,
    response_truncated boolean not null,
    late boolean not null,
    primary key (delivery, id)
) partition by range (delivery);

-- Days that retention is removing the partitions of: nothing of them is replayed any more.
create table retired_days (
    day date primary key
);

create table bulk_replays (
    no bigint generated always as identity primary key,
    tenant bigint not null,
    status integer not null,
    subscriber uuid,
    event uuid,
    event_type text,
    since timestamptz,
    until timestamptz,
    accepted_at timestamptz not null,
    seen uuid
);

-- Fails the transaction of an append whose tenants have moved on since their subscribers were matched.
create function assert_versions(tenant_nos bigint[], versions bigint[]) returns void
language plpgsql stable as $$
declare
    stale bigint[];
begin
    select array_agg(known.no) into stale
    from unnest(tenant_nos, versions) as known (no, version)
    left join tenants t on t.no = known.no and t.deleted_at is null
    where t.version is distinct from known.version;
    if stale is not null then
        raise exception 'these tenants have changed: %', stale using errcode = 'HS001';
    end if;
end
$$;

-- Makes the partitions of a day: tables of their own that are then attached, which blocks neither readers nor writers of
-- the others. What a detaching that was cut off has left is attached again.
create function ensure_partitions(day text, first_id uuid, end_id uuid) returns void
language plpgsql as $$
declare
    parent text;
    part text;
    detaching boolean;
begin
    perform pg_advisory_xact_lock(7241003);
    foreach parent in array array['events', 'deliveries', 'attempts'] loop
        part := parent || '_' || day;
        select i.inhdetachpending into detaching
        from pg_inherits i
        where i.inhparent = to_regclass(parent) and i.inhrelid = to_regclass(part);
        continue when found and not detaching;
        if detaching then
            execute format('alter table %I detach partition %I finalize', parent, part);
        elsif to_regclass(part) is null then
            execute format(
                'create table %I (like %I including defaults including storage including constraints including indexes)',
                part, parent);
        end if;
        execute format(
            'alter table %I attach partition %I for values from (%L) to (%L)', parent, part, first_id, end_id);
    end loop;
end
$$;
