-- The same for a day's events, which are counted as none by an analyze of before the day. Apart from the queue's, or this would wait for an
-- append that waits for it. Events are read, claimed and delivered while the new ones are built, but none are added.
set local lock_timeout = '5s';
create index events_tenant_new on events (tenant, id) where tenant is not null;
create index events_type_new on events (tenant, type, id) where tenant is not null;
drop index events_tenant, events_type;
alter index events_tenant_new rename to events_tenant;
alter index events_type_new rename to events_type;

update schema_compatibility set version = 10;
