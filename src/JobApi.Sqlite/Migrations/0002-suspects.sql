-- A job whose process died twice while it ran is a suspect: it is claimed by itself, so it stands in an index of its own
-- and an ordinary claim never walks over it. 2 is JobLifecycle.SuspectCrashes; a test pins it.
DROP INDEX job_claim;
CREATE INDEX job_claim   ON job (type, priority DESC, run_at, seq) WHERE state = 1 AND crashes < 2;
CREATE INDEX job_suspect ON job (type, priority DESC, run_at, seq) WHERE state = 1 AND crashes >= 2;

-- 6 is Counted.Suspect.
INSERT INTO counter (kind, name, value) SELECT 6, type, count(*) FROM job WHERE state = 1 AND crashes >= 2 GROUP BY type;
