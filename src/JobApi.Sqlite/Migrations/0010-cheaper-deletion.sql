-- Most jobs are kept as long as the others of their kind, so when they may go follows from when they ended, and they stand in one index for both bounds. purge_at is
-- of a job with a retention of its own, and of those that ended before this.
DROP INDEX job_finished;
CREATE INDEX job_finished     ON job (type, state, finished_at, seq) WHERE finished_at IS NOT NULL AND purge_at IS NULL;
CREATE INDEX job_finished_own ON job (type, state, finished_at, seq) WHERE purge_at IS NOT NULL;

-- Ids that were deleted together and begin with the same 5 bytes, which are those made in the same 256 milliseconds, stand in one row. The number is how many ids
-- there have been up to the last of them.
CREATE TABLE tombstones (
  number INTEGER PRIMARY KEY,
  head   BLOB    NOT NULL,
  ids    BLOB    NOT NULL -- 16 bytes each
);

INSERT INTO tombstones (number, head, ids) SELECT number, substr(id, 1, 5), id FROM tombstone;
DROP TABLE tombstone;
ALTER TABLE tombstones RENAME TO tombstone;
CREATE INDEX tombstone_head ON tombstone (head);
