-- The trace that an event was posted in. No default: nothing is written again, and programs of before go on beside it.
alter table events add column trace_context text;

update schema_compatibility set version = 8;
