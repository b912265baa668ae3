-- Who asked for a cancellation.
ALTER TABLE job ADD COLUMN canceled_by BLOB; -- JSON

-- An expiry is a cancellation like any other now. 5 is JobState.Canceled.
UPDATE job SET cancel_requested_at = finished_at, canceled_by = CAST('{"by":"expiry"}' AS BLOB)
  WHERE state = 5 AND cancel_requested_at IS NULL AND cancel_reason = 'expired';
