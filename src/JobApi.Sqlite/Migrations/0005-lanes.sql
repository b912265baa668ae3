-- A lane is what all jobs share that one claim treats alike: type, queue and keys (LaneKey.Write). It never changes while a job lives.
-- Jobs that have ended get theirs when they are retried.
ALTER TABLE job ADD COLUMN lane TEXT;

UPDATE job SET lane = length(type) || '.' || length(queue) || ':' || type || queue WHERE state = 0;
UPDATE job SET lane = length(type) || '.' || length(queue) || ':' || type || queue WHERE state = 1;
UPDATE job SET lane = length(type) || '.' || length(queue) || ':' || type || queue WHERE state = 2;

DROP INDEX job_claim;
DROP INDEX job_suspect;
DROP INDEX job_waiting;
CREATE INDEX job_claim   ON job (lane, priority DESC, run_at, seq) WHERE state = 1 AND crashes < 2;
CREATE INDEX job_suspect ON job (lane, priority DESC, run_at, seq) WHERE state = 1 AND crashes >= 2;
CREATE INDEX job_waiting ON job (queue, run_at)                    WHERE state = 1;

-- 7, 8 and 9 are Counted.Lane, Counted.SuspectLane and Counted.Unfinished.
INSERT INTO counter (kind, name, value) SELECT 7, lane, count(*) FROM job WHERE state = 1 AND crashes < 2 GROUP BY lane;
INSERT INTO counter (kind, name, value) SELECT 8, lane, count(*) FROM job WHERE state = 1 AND crashes >= 2 GROUP BY lane;
INSERT INTO counter (kind, name, value)
  SELECT 9, queue, count(*) FROM (
    SELECT queue FROM job WHERE state = 0 UNION ALL SELECT queue FROM job WHERE state = 1 UNION ALL SELECT queue FROM job WHERE state = 2) GROUP BY queue;

-- What people decided about a queue.
CREATE TABLE queue (
  name              TEXT    PRIMARY KEY,
  is_paused         INTEGER NOT NULL,
  concurrency_limit INTEGER
) WITHOUT ROWID;
