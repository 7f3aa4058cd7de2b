create table meta (
    name text primary key,
    value blob not null
) without rowid;

create table tenants (
    no integer primary key,
    id blob not null unique,
    external_id text,
    name text not null,
    metadata text,
    suspended integer not null default 0,
    created_at integer not null,
    updated_at integer not null,
    deleted_at integer
);

create unique index tenants_external_id on tenants (external_id)
where external_id is not null and deleted_at is null;

create table api_keys (
    id blob primary key,
    tenant integer not null references tenants (no),
    name text not null,
    prefix text not null,
    scopes integer not null,
    hash blob not null unique,
    configured integer not null default 0,
    expires_at integer,
    last_used_at integer,
    created_at integer not null
) without rowid;

create index api_keys_tenant on api_keys (tenant, id);

create table subscribers (
    no integer primary key,
    id blob not null unique,
    tenant integer not null references tenants (no),
    url text not null,
    events text not null,
    description text,
    timeout_ms integer,
    retry_schedule text,
    max_in_flight integer,
    payload_format integer not null,
    verification integer,
    metadata text,
    secret blob not null,
    previous_secret blob,
    previous_secret_expires_at integer,
    paused integer not null default 0,
    disabled_reason text,
    verified_at integer,
    blocked_until integer,
    opened_at integer not null,
    challenge_due_at integer,
    challenge_failures integer not null default 0,
    challenge_since integer not null,
    cancelling integer not null default 0,
    created_at integer not null,
    updated_at integer not null,
    deleted_at integer
);

create index subscribers_tenant on subscribers (tenant, id) where deleted_at is null;
create index subscribers_challenge on subscribers (challenge_due_at) where challenge_due_at is not null;

create table events (
    tenant integer not null,
    id blob not null,
    type text not null,
    payload blob not null,
    idempotency_key text,
    priority integer not null,
    timestamp integer not null,
    created_at integer not null,
    primary key (tenant, id)
) without rowid;

create table idempotency_keys (
    tenant integer not null,
    key text not null,
    event blob not null,
    content_hash blob not null,
    enqueued_count integer not null,
    expires_at integer not null,
    primary key (tenant, key)
) without rowid;

create index idempotency_keys_expiry on idempotency_keys (expires_at);

create table deliveries (
    tenant integer not null,
    id blob not null,
    event blob not null,
    subscriber integer not null,
    status integer not null,
    class integer not null,
    due integer not null,
    version integer not null default 0,
    attempt_count integer not null default 0,
    failures integer not null default 0,
    trigger integer not null default 0,
    waiting_since integer not null,
    last_attempt_at integer,
    last_status_code integer,
    error_code text,
    error_message text,
    created_at integer not null,
    finished_at integer,
    primary key (tenant, id)
) without rowid;

-- The queue: partial, so that it is as small as what is unfinished, whatever the history.
create index deliveries_lane on deliveries (subscriber, class, due) where status < 2;
create index deliveries_unfinished on deliveries (tenant, id) where status < 2;
create index deliveries_ended on deliveries (tenant, status, id) where status >= 3;
create index deliveries_event on deliveries (tenant, event);
create index deliveries_subscriber on deliveries (subscriber, id);

create table attempts (
    delivery blob not null,
    id blob not null,
    number integer not null,
    trigger integer not null,
    started_at integer not null,
    duration_us integer not null,
    outcome integer not null,
    status_code integer,
    error text,
    request_headers blob not null,
    response_headers blob not null,
    response_body blob,
    response_truncated integer not null,
    late integer not null,
    primary key (delivery, id)
) without rowid;

create table bulk_replays (
    no integer primary key,
    tenant integer not null,
    status integer not null,
    subscriber blob,
    event blob,
    event_type text,
    since integer,
    until integer,
    accepted_at integer not null,
    seen blob
);
