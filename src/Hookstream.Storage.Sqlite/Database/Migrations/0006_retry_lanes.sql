-- What has failed waits apart from first attempts: classes 4 to 7 are the retries of 0 to 3.
update deliveries indexed by deliveries_unfinished
set class = class + 4
where status < 2 and failures > 0;
