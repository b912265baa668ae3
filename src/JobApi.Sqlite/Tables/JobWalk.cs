using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite.Database;

namespace JobApi.Sqlite.Tables;

/// <summary>The part of a row that a filter looks at.</summary>
internal readonly record struct WalkedJob(
    long Sequence, JobState State, string Type, string Queue, DateTimeOffset CreatedAt, bool IsCancelRequested, byte[]? Tags);

/// <summary>One stretch of a walk over jobs.</summary>
/// <param name="Found">Sequences that match, newest first.</param>
/// <param name="Next">Where the next stretch begins; null when this was the last.</param>
internal sealed record JobWalk(List<long> Found, long? Next)
{
    private const string Newest =
        "SELECT seq, state, type, queue, created_at, cancel_requested_at IS NOT NULL, tags FROM job WHERE seq < $before ORDER BY seq DESC LIMIT $max";

    /// <summary>
    /// Walks from the newest down over the slim rows, at most <see cref="JobQuery.MaxExamined"/>. It looks one match beyond the page, so that a
    /// full page that happens to be the last says so.
    /// </summary>
    public static JobWalk Find(Db db, JobFilter filter, long? before, int max, Func<WalkedJob, bool>? isWorthIt = null)
    {
        var found = new List<long>();
        var (examined, last) = (0, 0L);
        using var rows = db[Newest].With(before ?? long.MaxValue, (long)JobQuery.MaxExamined + 1).Read();

        while (rows.Next())
        {
            var job = Read(rows);

            if (examined == JobQuery.MaxExamined)
            {
                return new JobWalk(found, last);
            }

            if (Matches(filter, job) && isWorthIt?.Invoke(job) != false)
            {
                if (found.Count == max)
                {
                    return new JobWalk(found, last);
                }

                found.Add(job.Sequence);
            }

            examined++;
            last = job.Sequence;
        }

        return new JobWalk(found, null);
    }

    private static WalkedJob Read(Rows rows) =>
        new(rows.Number(), (JobState)rows.Int(), rows.Text(), rows.Text(), rows.Time(), rows.Int() != 0, rows.BytesOrNull());

    private static bool Matches(JobFilter filter, WalkedJob job) =>
        (filter.States is null || filter.States.Contains(job.State))
        && (filter.Type is null || filter.Type == job.Type)
        && (filter.Queue is null || filter.Queue == job.Queue)
        && (filter.CreatedAfter is null || job.CreatedAt >= filter.CreatedAfter)
        && (filter.CreatedBefore is null || job.CreatedAt < filter.CreatedBefore)
        && (filter.Tags is not { Count: > 0 } tags || HasAll(RowJson.Read(job.Tags, RowJson.Default.IReadOnlyDictionaryStringString), tags));

    private static bool HasAll(IReadOnlyDictionary<string, string>? has, IReadOnlyDictionary<string, string> wanted) =>
        has is not null && wanted.All(tag => has.TryGetValue(tag.Key, out var value) && value == tag.Value);
}
