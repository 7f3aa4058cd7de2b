alter table subscribers add column circuit_failures integer not null default 0;
-- Null while the circuit is closed.
alter table subscribers add column circuit_opened_at integer;
alter table subscribers add column circuit_probe_at integer;
alter table subscribers add column circuit_epoch integer not null default 0;
