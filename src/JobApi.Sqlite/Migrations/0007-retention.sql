-- Bytes are charged as JobSize says: 1024 for a job, 192 for an ended attempt, 128 for a log line, texts by their length. A test holds these numbers against it.
-- What attempts and log lines are charged stands beside the sum, because the two are written when neither is read.
ALTER TABLE job ADD COLUMN history_bytes INTEGER NOT NULL DEFAULT 0;

UPDATE job SET history_bytes =
  coalesce((SELECT sum(192 + coalesce(octet_length(CAST(error AS TEXT) ->> '$.type') + octet_length(CAST(error AS TEXT) ->> '$.title') + octet_length(CAST(error AS TEXT) ->> '$.detail'), 0))
            FROM attempt WHERE attempt.seq = job.seq), 0)
  + coalesce((SELECT sum(128 + octet_length(text)) FROM log WHERE log.seq = job.seq), 0)
  + CASE WHEN state = 3 AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.seq = job.seq AND attempt.number = job.attempt) THEN 192 ELSE 0 END;

UPDATE job SET bytes = bytes + 1024 + history_bytes
  + coalesce(octet_length(CAST(error AS TEXT) ->> '$.type') + octet_length(CAST(error AS TEXT) ->> '$.title') + octet_length(CAST(error AS TEXT) ->> '$.detail'), 0)
  + coalesce((SELECT sum(octet_length(tag.key) + octet_length(tag.value)) FROM json_each(CAST(job.tags AS TEXT)) AS tag), 0);

-- Those that ended first are asked for by type and state.
DROP INDEX job_finished;
CREATE INDEX job_finished ON job (type, state, finished_at, seq) WHERE finished_at IS NOT NULL;

-- 4 is Counted.Bytes, 5 is Counted.FinishedBytes.
DELETE FROM counter WHERE kind IN (4, 5);
INSERT INTO counter (kind, name, value) SELECT 4, '', sum(bytes) FROM job HAVING count(*) > 0;
INSERT INTO counter (kind, name, value) SELECT 5, state || type, sum(bytes) FROM job WHERE finished_at IS NOT NULL GROUP BY type, state;
