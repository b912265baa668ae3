using JobApi.Engine.Lifecycle;

namespace JobApi.Sqlite.Tables;

/// <summary>
/// What was asked for and only the executor asks about: read with a job, never searched by. <see cref="RunAt"/> is absent when it is the moment of submission.
/// </summary>
internal sealed record JobDetails(
    DateTimeOffset? RunAt, TimeSpan Timeout, int MaxAttempts, Backoff Backoff, TimeSpan? Retention, IReadOnlyList<Guid>? Files, string? TraceParent,
    UniqueKey? Unique = null, string? FairnessKey = null, string? ConcurrencyKey = null, int? ConcurrencyLimit = null)
{
    // Jobs of a type mostly ask for the same, so the latest words are kept beside what they say. Any thread may put others in their place.
    private static volatile Worded? _latest;

    public static JobDetails Read(byte[] json) => _latest is { } latest && json.AsSpan().SequenceEqual(latest.Json)
        ? latest.Details
        : Keep(RowJson.Read(json, RowJson.Default.JobDetails)!, json).Details;

    public static byte[] Write(JobSpec spec)
    {
        if (_latest is { } latest && latest.Details.AreOf(spec))
        {
            return latest.Json;
        }

        var details = Of(spec);
        return Keep(details, RowJson.Write(details, RowJson.Default.JobDetails)!).Json;
    }

    private static JobDetails Of(JobSpec spec) => new(
        RunAtOf(spec), spec.Timeout, spec.MaxAttempts, spec.Backoff, spec.Retention, spec.Files.Count == 0 ? null : spec.Files, spec.TraceParent, spec.Unique,
        spec.FairnessKey, spec.ConcurrencyKey, LimitOf(spec));

    /// <summary>Whether they are what <see cref="Of"/> would make. Asked of every job, so nothing is made for it; jobs with files always get words of their own.</summary>
    public bool AreOf(JobSpec spec) =>
        RunAt == RunAtOf(spec) && Timeout == spec.Timeout && MaxAttempts == spec.MaxAttempts && Backoff == spec.Backoff && Retention == spec.Retention
        && Files is null && spec.Files.Count == 0 && TraceParent == spec.TraceParent && Unique == spec.Unique
        && FairnessKey == spec.FairnessKey && ConcurrencyKey == spec.ConcurrencyKey && ConcurrencyLimit == LimitOf(spec);

    private static DateTimeOffset? RunAtOf(JobSpec spec) => spec.RunAt == spec.CreatedAt ? null : spec.RunAt;

    private static int? LimitOf(JobSpec spec) => spec.ConcurrencyKey is null ? null : spec.ConcurrencyLimit;

    private static Worded Keep(JobDetails details, byte[] json) => _latest = new Worded(details, json);

    private sealed record Worded(JobDetails Details, byte[] Json);
}
