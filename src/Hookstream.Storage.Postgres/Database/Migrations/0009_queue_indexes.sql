-- These have an id behind other columns. While PostgreSQL believes the queue to be empty, because it was counted when all was delivered,
-- walking through one of them for an id costs as little, by its estimate, as looking into the primary key, and such a plan stays when the
-- queue has filled. Their condition holds for every row, but only a query that compares the column may use them.
drop index unfinished_lane;
create index unfinished_lane on unfinished (subscriber, class, due, id) where subscriber is not null;
drop index unfinished_tenant;
create index unfinished_tenant on unfinished (tenant, id) where tenant is not null;

-- Programs of before find their lanes by reading all that waits.
update schema_compatibility set version = 9;
