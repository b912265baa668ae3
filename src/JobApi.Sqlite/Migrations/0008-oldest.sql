-- The job that has waited longest in any queue is asked for once a second and by every scrape; job_waiting has it by queue only.
CREATE INDEX job_oldest ON job (run_at) WHERE state = 1;
