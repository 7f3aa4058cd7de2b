alter table subscribers add column rate_limit_per_second real;
alter table subscribers add column circuit_threshold integer;
alter table subscribers add column circuit_cooldown_ms integer;
-- Encrypted, all of a subscriber in one record.
alter table subscribers add column headers blob;
