-- The trace that an event was posted in.
alter table events add column trace_context text;
