-- Jobs whose tags or error changed, for the search index to read them again. New jobs are found by their number, deleted ones are missed.
CREATE TABLE search_change (
  number INTEGER PRIMARY KEY,
  seq    INTEGER NOT NULL
);

-- Tells this file from every other, whatever its path, so that an index of another file is not taken for its own.
CREATE TABLE identity (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id  BLOB    NOT NULL
);

INSERT INTO identity (one, id) VALUES (1, randomblob(16));
