using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Sqlite.Tables;

/// <summary>
/// Finished jobs by type and by how they ended, for one round of deleting on the writer's thread. How much each kind keeps is counted with every
/// write; of its jobs only those are read that go, a few at a time. A job is given once: whoever takes it deletes it, those that were due before the first beyond a bound is asked for.
/// </summary>
internal sealed class FinishedKinds
{
    /// <summary>The first look at a kind is for one job, as most find nothing to delete; each later one for more, up to this.</summary>
    private const int MaxStretch = 64;

    private readonly Dictionary<(JobState State, string Type), Kind> _kinds;
    private readonly List<Line> _due;
    private readonly DateTimeOffset _now;

    /// <param name="removal">Finds the jobs.</param>
    /// <param name="counters">How much each kind keeps.</param>
    /// <param name="retention">How long jobs without a wish of their own are kept.</param>
    /// <param name="now">The moment.</param>
    /// <param name="max">The most jobs that are asked for.</param>
    public FinishedKinds(Removal removal, Counters counters, RetentionPolicy retention, DateTimeOffset now, int max)
    {
        _now = now;
        _kinds = counters.FinishedKinds().ToDictionary(kind => kind, kind => KindOf(kind.State, kind.Type));
        _due = [new Line(removal.FindDue(now, max), job => job.PurgeAt!.Value), .. _kinds.Values.Select(kind => kind.General)];

        Kind KindOf(JobState state, string type)
        {
            var kept = retention.Of(type, state);
            return new Kind(state, type, LineOf(own: false), LineOf(own: true)) { Bytes = counters.Finished(state, type) };

            Line LineOf(bool own) => new((after, stretch) => removal.FindEndedFirst(state, type, own, after, Math.Min(stretch, max)), job => job.FinishedAt + kept);
        }
    }

    /// <summary>The jobs that have been kept long enough: those first whose time was over first.</summary>
    public IEnumerable<Doomed> TakeDue()
    {
        while (First(_due, line => line.DueAt) is { } first && first.DueAt <= _now)
        {
            yield return Take(first);
        }
    }

    /// <summary>The jobs to delete because a bound is exceeded: of those it covers, the ones that ended first.</summary>
    public IEnumerable<Doomed> TakeBeyond(ByteBound bound)
    {
        List<Kind> covered = [.. _kinds.Values.Where(kind => bound.Covers(kind.Type, kind.State))];
        List<Line> lines = [.. covered.SelectMany(kind => kind.Lines)];
        var beyond = covered.Sum(kind => kind.Bytes) - bound.MaxBytes;

        while (beyond > 0 && First(lines, line => line.EndedAt) is { } first)
        {
            var job = Take(first);
            beyond -= job.Bytes;

            yield return job;
        }
    }

    /// <summary>The line whose first job comes before those of the others; asked for each job that goes, so it makes nothing to find out.</summary>
    private static Line? First(List<Line> lines, Func<Line, DateTimeOffset> by)
    {
        Line? first = null;

        foreach (var line in lines)
        {
            if (line.Head is { } head && (first is null || (by(line), head.Sequence).CompareTo((by(first), first.Head!.Sequence)) < 0))
            {
                first = line;
            }
        }

        return first;
    }

    private Doomed Take(Line line)
    {
        var job = line.Take();
        _kinds[(job.State, job.Type)].Bytes -= job.Bytes;

        return job;
    }

    /// <param name="State">How its jobs ended.</param>
    /// <param name="Type">What they are.</param>
    /// <param name="General">Those that are kept as long as all of their kind.</param>
    /// <param name="Wished">Those with a retention of their own.</param>
    private sealed record Kind(JobState State, string Type, Line General, Line Wished)
    {
        /// <summary>What is kept, without what was taken.</summary>
        public long Bytes { get; set; }

        public IEnumerable<Line> Lines => [General, Wished];
    }

    /// <summary>Jobs in their order, read when they are looked at.</summary>
    private sealed class Line(Func<Doomed?, int, List<Doomed>> read, Func<Doomed, DateTimeOffset> dueAt)
    {
        private readonly Queue<Doomed> _read = [];
        private Doomed? _last;
        private int _stretch = 1;
        private bool _isAll;

        /// <summary>All that is asked for, read beforehand.</summary>
        public Line(List<Doomed> all, Func<Doomed, DateTimeOffset> dueAt)
            : this((_, _) => [], dueAt) =>
            (_read, _isAll) = (new Queue<Doomed>(all), true);

        public Doomed? Head
        {
            get
            {
                if (_read.Count == 0 && !_isAll)
                {
                    read(_last, _stretch).ForEach(_read.Enqueue);
                    _stretch = Math.Min(8 * _stretch, MaxStretch);
                    _isAll = _read.Count == 0;
                }

                return _read.TryPeek(out var head) ? head : null;
            }
        }

        /// <summary>When its head has been kept long enough. Like the next, asked of a line that has one.</summary>
        public DateTimeOffset DueAt => dueAt(Head!);

        public DateTimeOffset EndedAt => Head!.FinishedAt;

        public Doomed Take()
        {
            var job = _read.Dequeue();
            _last = job;

            return job;
        }
    }
}
