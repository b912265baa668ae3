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

    public static JobDetails Of(JobSpec spec) => new(
        spec.RunAt == spec.CreatedAt ? null : spec.RunAt, spec.Timeout, spec.MaxAttempts, spec.Backoff, spec.Retention,
        spec.Files.Count == 0 ? null : spec.Files, spec.TraceParent, spec.Unique,
        spec.FairnessKey, spec.ConcurrencyKey, spec.ConcurrencyKey is null ? null : spec.ConcurrencyLimit);

    public static JobDetails Read(byte[] json) => _latest is { } latest && json.AsSpan().SequenceEqual(latest.Json)
        ? latest.Details
        : Keep(RowJson.Read(json, RowJson.Default.JobDetails)!, json).Details;

    public byte[] Write() => _latest is { } latest && latest.Details == this
        ? latest.Json
        : Keep(this, RowJson.Write(this, RowJson.Default.JobDetails)!).Json;

    private static Worded Keep(JobDetails details, byte[] json) => _latest = new Worded(details, json);

    private sealed record Worded(JobDetails Details, byte[] Json);
}
