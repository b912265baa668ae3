-- A key that at most one job holds at a time: from its submission until it has ended (states 3 to 5).
ALTER TABLE job ADD COLUMN unique_key TEXT;

CREATE UNIQUE INDEX job_unique ON job (unique_key) WHERE unique_key IS NOT NULL AND state < 3;
