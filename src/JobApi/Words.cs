using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi;

/// <summary>The engine's choices as words on the wire.</summary>
internal static class Words
{
    /// <summary>Every state, in the order of the enum.</summary>
    public static IReadOnlyList<string> States { get; } = [.. Enum.GetValues<JobState>().Select(Word)];

    public static IReadOnlyList<string> BackoffKinds { get; } = [.. Enum.GetValues<BackoffKind>().Select(Word)];

    public static string Word(this JobState state) => state switch
    {
        JobState.Scheduled => "scheduled",
        JobState.Queued => "queued",
        JobState.Running => "running",
        JobState.Succeeded => "succeeded",
        JobState.Failed => "failed",
        JobState.Canceled => "canceled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "A state without a word."),
    };

    public static string Word(this BackoffKind kind) => kind switch
    {
        BackoffKind.Exponential => "exponential",
        BackoffKind.Linear => "linear",
        BackoffKind.Constant => "constant",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A kind of back-off without a word."),
    };

    public static string Word(this WaitingReason reason) => reason switch
    {
        WaitingReason.Queue => "queue",
        WaitingReason.Schedule => "schedule",
        WaitingReason.Backoff => "backoff",
        WaitingReason.RateLimit => "rate_limit",
        WaitingReason.CircuitOpen => "circuit_open",
        WaitingReason.TypeLimit => "type_limit",
        WaitingReason.NoWorker => "no_worker",
        WaitingReason.Paused => "paused",
        WaitingReason.QueueLimit => "queue_limit",
        WaitingReason.ConcurrencyKey => "concurrency_key",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "A reason without a word."),
    };

    public static string Word(this Durability durability) => durability switch
    {
        Durability.Memory => "memory",
        Durability.Fsync => "fsync",
        Durability.Replicated => "replicated",
        _ => throw new ArgumentOutOfRangeException(nameof(durability), durability, "A durability without a word."),
    };

    public static string Word(this CircuitStatus circuit) => circuit switch
    {
        CircuitStatus.None => "none",
        CircuitStatus.Closed => "closed",
        CircuitStatus.Open => "open",
        CircuitStatus.HalfOpen => "half-open",
        _ => throw new ArgumentOutOfRangeException(nameof(circuit), circuit, "A circuit status without a word."),
    };

    /// <summary>The state of this word, or null.</summary>
    public static JobState? State(string word)
    {
        foreach (var state in Enum.GetValues<JobState>())
        {
            if (state.Word() == word)
            {
                return state;
            }
        }

        return null;
    }

    /// <summary>What a caller can want when another job holds a unique key.</summary>
    public static IReadOnlyList<string> UniqueConflicts { get; } = ["reject", "return"];

    /// <summary>The wish of this word, or null.</summary>
    public static UniqueConflict? OnConflict(string? word) => word switch
    {
        "reject" => UniqueConflict.Reject,
        "return" => UniqueConflict.Return,
        _ => null,
    };

    /// <summary>The kind of this word, or null.</summary>
    public static BackoffKind? Backoff(string? word) => word switch
    {
        "exponential" => BackoffKind.Exponential,
        "linear" => BackoffKind.Linear,
        "constant" => BackoffKind.Constant,
        _ => null,
    };
}
