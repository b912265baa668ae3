using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Execution;

/// <summary>Judges an attempt: what its handler did, seen in the light of why it was asked to stop.</summary>
internal static class OutcomeOf
{
    /// <summary>The outcome of an attempt that was stopped before its handler was called.</summary>
    public static JobOutcome? Stop(HeldJob held) => held.StopReason switch
    {
        StopReason.CancelRequested => new JobOutcome.Canceled(),
        StopReason.ShuttingDown => new JobOutcome.HandedBack(),
        StopReason.LeaseLost => null,
        _ => TimedOut(held.Job, fenced: false),
    };

    /// <summary>The outcome of an attempt whose handler was called; null when it must not be recorded.</summary>
    public static JobOutcome? Verdict(HeldJob held, Verdict verdict, ExecutionOptions options) => (held.StopReason, verdict) switch
    {
        (StopReason.LeaseLost, _) => null,

        // Work that is done is done, also when it was asked to stop on its last metre.
        (_, Execution.Verdict.Returned { Outcome: JobOutcome.Succeeded done }) => Fitting(held.Job, done, options),

        // So is a failure for good: its cause is worth more than the word that somebody no longer wanted the job.
        (_, Execution.Verdict.Returned { Outcome: JobOutcome.Failed no }) when held.StopReason != StopReason.Faulted => no,

        (StopReason.CancelRequested, _) => new JobOutcome.Canceled(),
        (StopReason.Faulted, _) => Errors.Unexpected(held.Job, held.Fault!),
        (StopReason.ShuttingDown, _) => new JobOutcome.HandedBack(),
        (StopReason.TimedOut, _) => TimedOut(held.Job, verdict is Execution.Verdict.Fenced),
        (_, Execution.Verdict.Returned returned) => returned.Outcome,
        (_, Execution.Verdict.Threw threw) => Errors.Unexpected(held.Job, threw.Exception),
        _ => throw new InvalidOperationException($"A handler is only fenced off after it was asked to stop, not with {verdict}."),
    };

    private static JobOutcome Fitting(Job job, JobOutcome.Succeeded done, ExecutionOptions options) =>
        done.Result.Length <= options.MaxResultBytes
            ? done
            : Errors.Failed(job, "result-too-large", "The result is too large to keep",
                $"The result has {done.Result.Length} bytes; the limit is {options.MaxResultBytes}. Store it as a file and return its id.");

    private static JobOutcome.Retry TimedOut(Job job, bool fenced) => new(Errors.Of(job, "timeout", "The attempt took too long",
        $"The attempt did not end within {job.Spec.Timeout.TotalSeconds:0.###} s{(fenced ? ", ignored its cancellation and was fenced off" : "")}."));
}
