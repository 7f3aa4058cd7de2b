alter table subscribers
    add column rate_limit_per_second double precision,
    add column circuit_threshold integer,
    add column circuit_cooldown_ms bigint,
    -- Encrypted, all of a subscriber in one record.
    add column headers bytea;

-- Programs that know version 1 only go on beside newer ones: they leave these columns as they are, and do not follow them.
update schema_compatibility set version = 2;
