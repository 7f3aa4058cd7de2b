-- What has failed waits apart from first attempts: classes 4 to 7 are the retries of 0 to 3.
update unfinished
set class = class + 4
where failures > 0;

-- Programs of before do not know these classes, and could not claim beside what waits in them.
update schema_compatibility set version = 6, minimum = 6;
