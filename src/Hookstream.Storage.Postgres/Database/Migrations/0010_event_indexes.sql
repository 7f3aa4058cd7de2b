-- The same for a day's events, which are counted as none by an analyze of before the day. Apart from the queue's, or this would wait for an
-- append that waits for it.
drop index events_tenant;
create index events_tenant on events (tenant, id) where tenant is not null;
drop index events_type;
create index events_type on events (tenant, type, id) where tenant is not null;

update schema_compatibility set version = 10;
