-- A job's row is written to the log at least twice and to the file once, so what nearly all rows say takes few bytes: timeout (ticks of 100 ns) and max_attempts are
-- numbers, details is null where nothing unusual is asked for, and lane where it follows from type and queue, as it does of jobs that ended before there were lanes.
-- Rows of earlier versions keep their JSON, and these two columns are null in them.
ALTER TABLE job ADD COLUMN timeout      INTEGER;
ALTER TABLE job ADD COLUMN max_attempts INTEGER;

-- Zeros in the place of what the end of a running job will add to its row, so that the page does not overflow then.
ALTER TABLE job ADD COLUMN room BLOB;
