-- A small result lives in its job's own row; result keeps those that are large, and those from before.
ALTER TABLE job ADD COLUMN result BLOB;
ALTER TABLE job ADD COLUMN result_files BLOB; -- JSON
