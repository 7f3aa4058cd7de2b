-- What came of attempts, added up: by minute for some hours, by hour for some days. An attempt is in one row of its subscriber, and in
-- one of its tenant's.
create table statistics (
    tenant bigint not null,
    -- 0: all of the tenant's.
    subscriber bigint not null,
    -- 0: a minute, 1: an hour.
    width smallint not null,
    bucket timestamptz not null,
    delivered bigint not null,
    failed bigint not null,
    dead_letter bigint not null,
    -- Counts by size, the smallest first.
    durations bigint[] not null,
    latencies bigint[] not null,
    primary key (tenant, subscriber, width, bucket)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.1);

-- What is old enough to be added up or removed.
create index statistics_age on statistics (width, bucket);

create function add_counts(bigint[], bigint[]) returns bigint[]
language sql immutable as $$
    select coalesce(array_agg(coalesce(a, 0) + coalesce(b, 0) order by slot), '{}')
    from unnest($1, $2) with ordinality as counts (a, b, slot)
$$;

-- Programs of before go on beside newer ones: what they deliver is in no statistics.
update schema_compatibility set version = 7;
