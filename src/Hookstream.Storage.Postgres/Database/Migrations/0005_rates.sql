-- What endpoints with a rate limit have been sent of late, apart from their rows, which move a version on with every change. It is
-- written with each claim of theirs; after a crash it is empty, and every bucket full.
create unlogged table rate_buckets (
    subscriber bigint primary key,
    -- Up to when the requests made so far use the rate up.
    paid_until timestamptz not null
) with (fillfactor = 50);

-- Programs of before go on beside newer ones: they send without a limit.
update schema_compatibility set version = 5;
