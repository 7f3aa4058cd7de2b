-- What came of attempts, added up: by minute for some hours, by hour for some days. An attempt is in one row of its subscriber, and in
-- one of its tenant's.
create table statistics (
    tenant integer not null,
    -- 0: all of the tenant's.
    subscriber integer not null,
    -- 0: a minute, 1: an hour.
    width integer not null,
    bucket integer not null,
    delivered integer not null,
    failed integer not null,
    dead_letter integer not null,
    -- Counts by size, the smallest first; 8 bytes each, little-endian.
    durations blob not null,
    latencies blob not null,
    primary key (tenant, subscriber, width, bucket)
) without rowid;

-- What is old enough to be added up or removed.
create index statistics_age on statistics (width, bucket);
