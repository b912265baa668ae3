using JobApi.Engine.Storage.Turns;
using JobApi.Sqlite.Database;

namespace JobApi.Sqlite.Tables;

/// <summary>
/// Where in the file jobs run. Every job does, and hardly anybody asks: a start, and an undone change. So instead of an index that each job goes in and out of, there is a count for each
/// stretch of numbers, and a stretch with running jobs is looked through. On the writer's thread, within its transaction.
/// </summary>
internal sealed class RunningRows(Db db, Counters counters)
{
    /// <summary>A stretch is so many numbers: few enough to be looked through at once, and so many that the jobs of a commit are of few stretches.</summary>
    private const int Length = 256;

    private const string InStretch = "FROM job WHERE seq BETWEEN $first AND $last AND state = 2";

    private const string Sequences = $"SELECT seq {InStretch} ORDER BY seq LIMIT $max";

    private const string Lanes = $"SELECT type, queue, lane {InStretch}";

    private const string Leases = $"SELECT lease_expires_at, seq {InStretch} AND lease_expires_at < $before";

    /// <summary>The stretch of a job's number.</summary>
    public static long StretchOf(long sequence) => sequence / Length;

    /// <summary>Running jobs in the order of their numbers, so many at the most.</summary>
    public List<long> Find(int max)
    {
        var found = new List<long>();

        foreach (var stretch in counters.RunningStretches().Order())
        {
            found.AddRange(db[Sequences].With(First(stretch), Last(stretch), (long)(max - found.Count)).Numbers());

            if (found.Count == max)
            {
                break;
            }
        }

        return found;
    }

    /// <summary>The lanes of running jobs, one for each job.</summary>
    public IEnumerable<LaneKey> LanesOfAll()
    {
        foreach (var stretch in counters.RunningStretches())
        {
            using var rows = db[Lanes].With(First(stretch), Last(stretch)).Read();

            while (rows.Next())
            {
                var (type, queue, name) = (rows.Text(), rows.Text(), rows.TextOrNull());

                yield return name is null ? LaneKey.Plain(type, queue) : LaneKey.Read(name, isSuspect: false);
            }
        }
    }

    /// <summary>Jobs whose lease has ended, those first whose ended first, so many at the most.</summary>
    public List<long> LostBy(DateTimeOffset now, int max) => [.. LeasesBefore(now.UtcTicks + 1).Order().Take(max).Select(lease => lease.Sequence)];

    /// <summary>When the next lease ends; null when none of them does.</summary>
    public long? NextLease() => LeasesBefore(DateTimeOffset.MaxValue.UtcTicks).Min(lease => (long?)lease.ExpiresAt);

    /// <summary>A file has one process at a time, whose leases do not end: then nothing is looked through.</summary>
    private List<(long ExpiresAt, long Sequence)> LeasesBefore(long before)
    {
        var leases = new List<(long ExpiresAt, long Sequence)>();

        foreach (var stretch in counters[Counted.Leased] == 0 ? [] : counters.RunningStretches())
        {
            using var rows = db[Leases].With(First(stretch), Last(stretch), before).Read();

            while (rows.Next())
            {
                leases.Add((rows.Number(), rows.Number()));
            }
        }

        return leases;
    }

    private static long First(long stretch) => stretch * Length;

    private static long Last(long stretch) => First(stretch) + Length - 1;
}
