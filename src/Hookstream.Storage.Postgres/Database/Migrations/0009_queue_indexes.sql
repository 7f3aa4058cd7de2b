-- These have an id behind other columns. While PostgreSQL believes the queue to be empty, because it was counted when all was delivered,
-- walking through one of them for an id costs as little, by its estimate, as looking into the primary key, and such a plan stays when the
-- queue has filled. Their condition holds for every row, but only a query that compares the column may use them.
-- Whoever has the table open for long (a backup) would have everybody wait behind this.
set local lock_timeout = '5s';
create index unfinished_lane_new on unfinished (subscriber, class, due, id) where subscriber is not null;
create index unfinished_tenant_new on unfinished (tenant, id) where tenant is not null;
drop index unfinished_lane, unfinished_tenant;
alter index unfinished_lane_new rename to unfinished_lane;
alter index unfinished_tenant_new rename to unfinished_tenant;

-- Programs of before find their lanes by reading all that waits, once for each.
update schema_compatibility set version = 9;
