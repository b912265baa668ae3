namespace JobApi.Contracts;

/// <summary>A job to run. Only <c>type</c> and <c>payload</c> are required; the rest defaults per type.</summary>
public sealed record SubmitJobRequest
{
    /// <summary>Which kind of job; one of <c>GET /job-types</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What the job is about, in the shape its type asks for. Kept byte for byte.</summary>
    public required RawJson Payload { get; init; }

    /// <summary>A name to filter, measure, pause and limit by: lower-case letters, digits, '.', '_' and '-', at most 64. Default <c>default</c>.</summary>
    public string? Queue { get; init; }

    /// <summary>Higher goes first; -100 to 100. Default 0.</summary>
    public int? Priority { get; init; }

    /// <summary>When it may start. Default now. Not together with <c>delaySeconds</c>; at most 366 days ahead.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>How long to wait before it may start; 0 to 31,622,400 (366 days). Not together with <c>runAt</c>.</summary>
    public double? DelaySeconds { get; init; }

    /// <summary>If it has not started within this time it is canceled with the reason <c>expired</c>; 0.001 to 31,622,400.</summary>
    public double? ExpiresInSeconds { get; init; }

    /// <summary>How long one attempt may take; 0.001 to the type's limit.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>How often it may fail before it is given up; 1 to 100.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>The pause between attempts.</summary>
    public BackoffSettings? Backoff { get; init; }

    /// <summary>A key that only one job at a time holds, from its submission until it has ended.</summary>
    public UniqueSettings? Unique { get; init; }

    /// <summary>Whose job it is, 1 to 255 characters: the keys of a queue take turns, so that one key's many jobs do not keep another's waiting.</summary>
    public string? FairnessKey { get; init; }

    /// <summary>A name shared by jobs of which only some may run at a time, 1 to 255 characters. It stands for itself, whatever the jobs' types and queues.</summary>
    public string? ConcurrencyKey { get; init; }

    /// <summary>The job starts only while fewer jobs of its <c>concurrencyKey</c> run than this; 1 to 1,024. Default 1. Only with a key.</summary>
    public int? ConcurrencyLimit { get; init; }

    /// <summary>Your own labels: at most 20, names up to 64 and values up to 256 characters. Filter by them with <c>tag.NAME=VALUE</c>.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>How long it is kept once finished; 0 to 31,622,400.</summary>
    public double? RetentionSeconds { get; init; }
}

/// <summary>How the pause between attempts grows. What is absent comes from the job's type.</summary>
public sealed record BackoffSettings
{
    /// <summary><c>exponential</c>, <c>linear</c> or <c>constant</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>The pause after the first failure; 0 to 86,400.</summary>
    public double? BaseSeconds { get; init; }

    /// <summary>The longest pause; 0 to 604,800, not below <c>baseSeconds</c>.</summary>
    public double? MaxSeconds { get; init; }
}

/// <summary>A key that only one job at a time holds, from its submission until it has ended.</summary>
public sealed record UniqueSettings
{
    /// <summary>1 to 255 characters. It stands for itself, whatever the job's type and queue.</summary>
    public required string Key { get; init; }

    /// <summary>What is answered while another job holds the key: <c>reject</c> (409, the default) or <c>return</c> (that job, marked as existing).</summary>
    public string? OnConflict { get; init; }
}
