create table recoveries (
    no bigint generated always as identity primary key,
    tenant bigint not null,
    subscriber bigint not null,
    -- The subscriber's filters when it was accepted.
    events text not null,
    since timestamptz not null,
    until timestamptz not null,
    missed_since timestamptz not null,
    accepted_at timestamptz not null,
    -- The last event that it has looked at.
    seen uuid
);

-- Older programs go on beside newer ones: what was accepted waits while one of theirs does the chores.
update schema_compatibility set version = 4;
