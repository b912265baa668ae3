-- Every job runs, so the index of running jobs was one that each went in and out of, and it is of use to a start and hardly to anybody else. How many run in each stretch of 256
-- numbers (kind 10) says as well where to look, and how many of them have a lease that ends (kind 11) whether there is anything to look for before that.
INSERT INTO counter (kind, name, value) SELECT 10, CAST(seq >> 8 AS TEXT), count(*) FROM job INDEXED BY job_running WHERE state = 2 GROUP BY seq >> 8;

INSERT INTO counter (kind, name, value)
  SELECT 11, '', count(*) FROM job INDEXED BY job_running WHERE state = 2 AND lease_expires_at < 3155378975999999999 HAVING count(*) > 0;

DROP INDEX job_running;
