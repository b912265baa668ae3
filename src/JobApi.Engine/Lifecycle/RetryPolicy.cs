namespace JobApi.Engine.Lifecycle;

/// <summary>Decides what follows an attempt: a pure function of the job, the outcome, the moment and one random draw.</summary>
public static class RetryPolicy
{
    /// <summary>No pause is longer, whoever asks for it.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromDays(366);

    /// <summary>
    /// How long a job is parked when nobody said how long, or said a time that has passed already (a circuit whose probe takes longer than its rest does): parking is charged to no budget, so without
    /// a pause nothing would end the loop. A shorter time that somebody named is kept, because limiters give turns of milliseconds, and jobs held back for longer would come as a crowd.
    /// </summary>
    public static readonly TimeSpan DefaultParking = TimeSpan.FromSeconds(1);

    /// <summary>Turns an outcome into the completion to store. A pause the cause asked for lengthens the back-off and never shortens it.</summary>
    /// <param name="job">The job as it was claimed.</param>
    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="now">When it ended.</param>
    /// <param name="duration">How long the handler ran.</param>
    /// <param name="jitter">A draw from [0, 1) for the back-off.</param>
    /// <param name="worker">The worker that ran it.</param>
    public static JobCompletion Settle(Job job, JobOutcome outcome, DateTimeOffset now, TimeSpan duration, double jitter, string? worker = null)
    {
        // The end of most, and made without a copy.
        if (outcome is JobOutcome.Succeeded done)
        {
            return new JobCompletion { Lease = job.Lease, To = JobState.Succeeded, At = now, Duration = duration, Worker = worker, Result = done.Result, ResultFiles = done.Files };
        }

        var completion = new JobCompletion { Lease = job.Lease, To = JobState.Failed, At = now, Duration = duration, Worker = worker };

        return outcome switch
        {
            JobOutcome.Failed no => completion with { Error = no.Error, ChargesFailure = true },
            JobOutcome.Retry no when job.Failures + 1 >= job.Spec.MaxAttempts => completion with { Error = no.Error, ChargesFailure = true },
            JobOutcome.Retry no => completion with
            {
                To = JobState.Scheduled,
                RunAt = now + Pause(no.After, job.Spec.Backoff.Delay(job.Failures + 1, jitter)),
                Waiting = WaitingReason.Backoff,
                Error = no.Error,
                ChargesFailure = true,
            },
            JobOutcome.Canceled => completion with { To = JobState.Canceled },
            JobOutcome.HandedBack => completion with { To = JobState.Queued },
            JobOutcome.Parked parked => completion with { To = JobState.Scheduled, RunAt = now + Pause(parked.For > TimeSpan.Zero ? parked.For : DefaultParking, TimeSpan.Zero), Waiting = parked.Reason },
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "JobOutcome is a closed set."),
        };
    }

    /// <summary>The longer of the two, within the bound: a handler may pass on whatever a remote server asked for.</summary>
    private static TimeSpan Pause(TimeSpan? asked, TimeSpan own)
    {
        var longer = asked > own ? asked.Value : own;
        return longer < MaxPause ? longer : MaxPause;
    }
}
