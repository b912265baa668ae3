-- Instants and durations are .NET ticks in UTC: integers keep their order in an index and lose nothing.
-- state and waiting are the numbers of JobState and WaitingReason; a test pins them.

-- What claims, lists and the clock look at, and nothing that can be large: those live beside it under the same seq.
CREATE TABLE job (
  seq                 INTEGER PRIMARY KEY,
  id                  BLOB    NOT NULL UNIQUE,
  type                TEXT    NOT NULL,
  queue               TEXT    NOT NULL,
  priority            INTEGER NOT NULL,
  state               INTEGER NOT NULL,
  run_at              INTEGER NOT NULL,
  version             INTEGER NOT NULL,
  attempt             INTEGER NOT NULL,
  failures            INTEGER NOT NULL,
  crashes             INTEGER NOT NULL,
  created_at          INTEGER NOT NULL,
  expires_at          INTEGER,
  start_by            INTEGER, -- expires_at while it still matters: the job waits and has never started
  started_at          INTEGER,
  finished_at         INTEGER,
  purge_at            INTEGER,
  duration            INTEGER,
  lease_expires_at    INTEGER,
  cancel_requested_at INTEGER,
  waiting             INTEGER,
  bytes               INTEGER NOT NULL, -- of payload and result
  key                 INTEGER,          -- the idempotency key it came with
  node                TEXT,
  worker              TEXT,
  cancel_reason       TEXT,
  tags                BLOB, -- JSON
  error               BLOB, -- JSON
  progress            BLOB  -- JSON
);

CREATE INDEX job_claim     ON job (type, priority DESC, run_at, seq) WHERE state = 1;
CREATE INDEX job_waiting   ON job (run_at)                           WHERE state = 1;
CREATE INDEX job_scheduled ON job (run_at, seq)                      WHERE state = 0;
CREATE INDEX job_running   ON job (lease_expires_at, seq)            WHERE state = 2;
CREATE INDEX job_start_by  ON job (start_by, seq)                    WHERE start_by IS NOT NULL;
CREATE INDEX job_purge     ON job (purge_at, seq)                    WHERE purge_at IS NOT NULL;
CREATE INDEX job_finished  ON job (finished_at, seq)                 WHERE finished_at IS NOT NULL;
CREATE INDEX job_key       ON job (key, seq)                         WHERE key IS NOT NULL;

-- Written once.
CREATE TABLE body (
  seq     INTEGER PRIMARY KEY,
  payload BLOB NOT NULL, -- the bytes that came in
  details BLOB NOT NULL  -- JSON: what only the executor asks for
);

CREATE TABLE result (
  seq   INTEGER PRIMARY KEY,
  bytes BLOB, -- the bytes the handler returned
  files BLOB NOT NULL
);

CREATE TABLE file_use (
  file BLOB    NOT NULL,
  seq  INTEGER NOT NULL,
  PRIMARY KEY (file, seq)
) WITHOUT ROWID;

CREATE INDEX file_use_job ON file_use (seq);

CREATE TABLE attempt (
  seq        INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  node       TEXT,
  worker     TEXT,
  started_at INTEGER NOT NULL,
  ended_at   INTEGER NOT NULL,
  state      INTEGER NOT NULL,
  waiting    INTEGER,
  error      BLOB,
  PRIMARY KEY (seq, number)
) WITHOUT ROWID;

CREATE TABLE log (
  seq     INTEGER NOT NULL,
  number  INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  text    BLOB    NOT NULL, -- UTF-8; a blob, because a handler may write U+0000
  PRIMARY KEY (seq, number)
) WITHOUT ROWID;

CREATE TABLE idempotency_key (
  number      INTEGER PRIMARY KEY,
  value       TEXT    NOT NULL UNIQUE,
  fingerprint BLOB    NOT NULL,
  expires_at  INTEGER NOT NULL,
  jobs_left   INTEGER NOT NULL
);

CREATE INDEX idempotency_key_without_jobs ON idempotency_key (expires_at) WHERE jobs_left = 0;

CREATE TABLE tombstone (
  number INTEGER PRIMARY KEY,
  id     BLOB NOT NULL UNIQUE
);

-- Written with every transaction that changes them, so that nothing ever has to be counted.
CREATE TABLE counter (
  kind  INTEGER NOT NULL,
  name  TEXT    NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (kind, name)
) WITHOUT ROWID;
