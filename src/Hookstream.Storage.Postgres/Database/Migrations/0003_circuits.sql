alter table subscribers
    add column circuit_failures integer not null default 0,
    -- Null while the circuit is closed.
    add column circuit_opened_at timestamptz,
    add column circuit_probe_at timestamptz,
    -- While a probe is under way: until when no other is claimed.
    add column circuit_lease_until timestamptz,
    add column circuit_epoch bigint not null default 0;

-- Programs of before go on beside newer ones: they send past an open circuit.
update schema_compatibility set version = 3;
