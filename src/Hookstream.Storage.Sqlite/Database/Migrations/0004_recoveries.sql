create table recoveries (
    no integer primary key,
    tenant integer not null,
    subscriber integer not null,
    -- The subscriber's filters when it was accepted.
    events text not null,
    since integer not null,
    until integer not null,
    missed_since integer not null,
    accepted_at integer not null,
    -- The last event that it has looked at.
    seen blob
);
