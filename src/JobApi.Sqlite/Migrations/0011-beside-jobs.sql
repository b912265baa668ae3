-- A statement opens every index of the table it might change, and most jobs start at once, have no key and go with the others of their kind. So what only some jobs
-- have stands beside them in tables of its own, and job has the indexes that every job enters. Its columns start_by and unique_key are written no more.

-- Jobs that are due later (state 0) or wait for their turn (state 1), as long as they do, in the order in which they are claimed.
CREATE TABLE waiting (
  state      INTEGER NOT NULL,
  lane       TEXT    NOT NULL,
  is_suspect INTEGER NOT NULL, -- 1 after 2 crashes: JobLifecycle.SuspectCrashes
  priority   INTEGER NOT NULL,
  run_at     INTEGER NOT NULL,
  seq        INTEGER NOT NULL,
  queue      TEXT    NOT NULL,
  start_by   INTEGER, -- when it expires, if it has never started
  PRIMARY KEY (state, lane, is_suspect, priority DESC, run_at, seq)
) WITHOUT ROWID;

INSERT INTO waiting SELECT state, lane, crashes >= 2, priority, run_at, seq, queue, start_by FROM job WHERE state = 0;
INSERT INTO waiting SELECT state, lane, crashes >= 2, priority, run_at, seq, queue, start_by FROM job WHERE state = 1;

DROP INDEX job_claim;
DROP INDEX job_suspect;
DROP INDEX job_waiting;
DROP INDEX job_oldest;
DROP INDEX job_scheduled;
DROP INDEX job_start_by;
CREATE INDEX waiting_queue     ON waiting (queue, run_at)  WHERE state = 1;
CREATE INDEX waiting_oldest    ON waiting (run_at)         WHERE state = 1;
CREATE INDEX waiting_scheduled ON waiting (run_at, seq)    WHERE state = 0;
CREATE INDEX waiting_start_by  ON waiting (start_by, seq)  WHERE start_by IS NOT NULL;

-- A key that at most one job holds at a time: from its submission until it has ended.
CREATE TABLE unique_key (
  value TEXT    PRIMARY KEY,
  seq   INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO unique_key SELECT unique_key, seq FROM job WHERE unique_key IS NOT NULL AND state < 3;
DROP INDEX job_unique;

-- The jobs of one submission have numbers in a row.
ALTER TABLE idempotency_key ADD COLUMN first_seq INTEGER;
ALTER TABLE idempotency_key ADD COLUMN last_seq  INTEGER;

UPDATE idempotency_key SET
  first_seq = (SELECT min(seq) FROM job WHERE key = number),
  last_seq  = (SELECT max(seq) FROM job WHERE key = number);
DROP INDEX job_key;

-- Finished jobs with a retention of their own, and those that ended when every job had its own.
CREATE TABLE own_retention (
  seq         INTEGER PRIMARY KEY,
  type        TEXT    NOT NULL,
  state       INTEGER NOT NULL,
  finished_at INTEGER NOT NULL,
  purge_at    INTEGER NOT NULL
);

INSERT INTO own_retention SELECT seq, type, state, finished_at, purge_at FROM job WHERE purge_at IS NOT NULL;
DROP INDEX job_purge;
DROP INDEX job_finished_own;
CREATE INDEX own_retention_due   ON own_retention (purge_at);
CREATE INDEX own_retention_ended ON own_retention (type, state, finished_at);

-- The other way round: what nearly all have stands with them. A small payload lives in its job's own row; body keeps those that are large, and those from before.
ALTER TABLE job ADD COLUMN payload BLOB;
ALTER TABLE job ADD COLUMN details BLOB;
