using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite.Tables;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Job>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) =>
        _writer.RunAsync<IReadOnlyList<Job>>(() => Claim(request), request.Max, cancellationToken);

    /// <summary>Claims in order, and stops at the first job that is not newer than asked for.</summary>
    private List<Job> Claim(ClaimRequest request, long newerThan = 0)
    {
        var claimed = new List<Job>();

        foreach (var place in Order(request))
        {
            if (claimed.Count == request.Limit || place.Sequence <= newerThan)
            {
                break;
            }

            var job = JobReads.Load(_db, place.Sequence);
            claimed.Add(_jobs.Put(job, JobLifecycle.Claim(job, request.Node, request.Now, request.LeaseExpiresAt)));
        }

        return claimed;
    }

    /// <summary>The heads of the lanes, merged. Types without a waiting job cost nothing: their counter says so.</summary>
    private IEnumerable<Place> Order(ClaimRequest request) => request.Types
        .Where(type => _counters[Counted.Type, type] > 0)
        .SelectMany(type => Heads(request, type, Math.Min(request.Limit, request.TypeBudgets.GetValueOrDefault(type, int.MaxValue))))
        .OrderByDescending(place => place.Priority).ThenBy(place => place.RunAt).ThenBy(place => place.Sequence);

    private const string LaneHeads = """
        SELECT seq, priority, run_at FROM job INDEXED BY job_claim
        WHERE state = 1 AND crashes < 2 AND type = $type AND (start_by IS NULL OR start_by > $now)
        ORDER BY priority DESC, run_at, seq LIMIT $max
        """;

    /// <summary>A job that has crashed has started, so none of these can be past its expiry.</summary>
    private const string SuspectHeads = """
        SELECT seq, priority, run_at FROM job INDEXED BY job_suspect
        WHERE state = 1 AND crashes >= 2 AND type = $type
        ORDER BY priority DESC, run_at, seq LIMIT $max
        """;

    private List<Place> Heads(ClaimRequest request, string type, int max)
    {
        var heads = new List<Place>();

        if (max > 0)
        {
            using var rows = request.IsForSuspect
                ? _db[SuspectHeads].With(type, (long)max).Read()
                : _db[LaneHeads].With(type, request.Now.UtcTicks, (long)max).Read();

            while (rows.Next())
            {
                heads.Add(new Place(rows.Number(), rows.Int(), rows.Number()));
            }
        }

        return heads;
    }

    /// <summary>Where a queued job stands among all others.</summary>
    private readonly record struct Place(long Sequence, int Priority, long RunAt);
}
