using JobApi.Engine.Lifecycle;

namespace JobApi.Sqlite.Tables;

/// <summary>
/// What few jobs ask for and no statement searches by, as JSON; most jobs have none. <see cref="RunAt"/> is absent when it is the moment of submission, <see cref="Backoff"/> when it is the usual one.
/// <see cref="Timeout"/> and <see cref="MaxAttempts"/> stand here in rows from before they had columns.
/// </summary>
internal sealed record JobDetails(
    DateTimeOffset? RunAt, TimeSpan? Timeout, int? MaxAttempts, Backoff? Backoff, TimeSpan? Retention, IReadOnlyList<Guid>? Files, string? TraceParent,
    UniqueKey? Unique = null, string? FairnessKey = null, string? ConcurrencyKey = null, int? ConcurrencyLimit = null)
{
    /// <summary>The back-off that is left out; part of the file's format, whatever the engine's default becomes.</summary>
    public static readonly Backoff UsualBackoff = new(BackoffKind.Exponential, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(10));

    /// <summary>Nothing unusual, for a column that may not be null.</summary>
    public static readonly byte[] EmptyJson = "{}"u8.ToArray();

    private static readonly JobDetails None = new(null, null, null, null, null, null, null);

    // Such jobs often ask for the same, so the latest JSON is kept beside what they say. Any thread may put others in their place.
    private static volatile Worded? _latest;

    public static JobDetails Read(byte[]? json) =>
        json is null || json.AsSpan().SequenceEqual(EmptyJson) ? None
        : _latest is { } latest && json.AsSpan().SequenceEqual(latest.Json) ? latest.Details
        : Keep(RowJson.Read(json, RowJson.Default.JobDetails)!, json).Details;

    /// <summary>What a job asks for; null when it is nothing unusual.</summary>
    public static byte[]? Write(JobSpec spec)
    {
        if (None.AreOf(spec))
        {
            return null;
        }

        if (_latest is { } latest && latest.Details.AreOf(spec))
        {
            return latest.Json;
        }

        var details = Of(spec);
        return Keep(details, RowJson.Write(details, RowJson.Default.JobDetails)!).Json;
    }

    private static JobDetails Of(JobSpec spec) => new(
        RunAtOf(spec), null, null, BackoffOf(spec), spec.Retention, spec.Files.Count == 0 ? null : spec.Files, spec.TraceParent, spec.Unique,
        spec.FairnessKey, spec.ConcurrencyKey, LimitOf(spec));

    /// <summary>Whether they are what <see cref="Of"/> would make. Asked of every job, so nothing is made for it; jobs with files always get words of their own.</summary>
    public bool AreOf(JobSpec spec) =>
        RunAt == RunAtOf(spec) && Timeout is null && MaxAttempts is null && Backoff == BackoffOf(spec) && Retention == spec.Retention
        && Files is null && spec.Files.Count == 0 && TraceParent == spec.TraceParent && Unique == spec.Unique
        && FairnessKey == spec.FairnessKey && ConcurrencyKey == spec.ConcurrencyKey && ConcurrencyLimit == LimitOf(spec);

    private static DateTimeOffset? RunAtOf(JobSpec spec) => spec.RunAt == spec.CreatedAt ? null : spec.RunAt;

    private static Backoff? BackoffOf(JobSpec spec) => spec.Backoff == UsualBackoff ? null : spec.Backoff;

    private static int? LimitOf(JobSpec spec) => spec.ConcurrencyKey is null ? null : spec.ConcurrencyLimit;

    private static Worded Keep(JobDetails details, byte[] json) => _latest = new Worded(details, json);

    private sealed record Worded(JobDetails Details, byte[] Json);
}
