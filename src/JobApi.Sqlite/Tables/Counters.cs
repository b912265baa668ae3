using System.Globalization;
using System.Runtime.InteropServices;
using JobApi.Engine.Lifecycle;
using JobApi.Sqlite.Database;

namespace JobApi.Sqlite.Tables;

/// <summary>What is counted.</summary>
internal enum Counted
{
    /// <summary>The last number given to a job.</summary>
    Sequence,

    /// <summary>Jobs by state.</summary>
    State,

    /// <summary>Queued jobs by queue.</summary>
    Queue,

    /// <summary>Queued jobs by type.</summary>
    Type,

    /// <summary>Bytes of all jobs, by <see cref="JobSize"/>.</summary>
    Bytes,

    /// <summary>The part of them that finished jobs keep, by state and type: <c>3square</c>.</summary>
    FinishedBytes,

    /// <summary>Queued jobs that wait to run alone, by type.</summary>
    Suspect,

    /// <summary>Queued jobs by lane, without those that wait to run alone.</summary>
    Lane,

    /// <summary>Queued jobs that wait to run alone, by lane.</summary>
    SuspectLane,

    /// <summary>Jobs that have not ended, by queue.</summary>
    Unfinished,

    /// <summary>Running jobs by <see cref="RunningRows.StretchOf"/>.</summary>
    Running,

    /// <summary>Running jobs whose lease ends.</summary>
    Leased,
}

/// <summary>
/// The counters, kept in memory by the writer and stored with every transaction that changes them. Each knows what it was before the open transaction, so that
/// they follow a rollback.
/// </summary>
internal sealed class Counters
{
    // Every job moves a dozen of them, so they are found by a short way.
    private readonly Dictionary<string, Counter>[] _kinds = [.. Enum.GetValues<Counted>().Select(_ => new Dictionary<string, Counter>(StringComparer.Ordinal))];
    private readonly Dictionary<(JobState State, string Type), string> _finished = [];
    private (long Number, string Name) _stretch = (-1, string.Empty);

    // Those that the open transaction has changed.
    private readonly List<Counter> _changed = [];

    public long Backlog => this[Counted.State, Name(JobState.Scheduled)] + this[Counted.State, Name(JobState.Queued)] + this[Counted.State, Name(JobState.Running)];

    public long Queued => this[Counted.State, Name(JobState.Queued)];

    public long this[Counted kind, string name = ""] => _kinds[(int)kind].GetValueOrDefault(name)?.Value ?? 0;

    public static string Name(JobState state) => state switch
    {
        JobState.Scheduled => "0",
        JobState.Queued => "1",
        JobState.Running => "2",
        JobState.Succeeded => "3",
        JobState.Failed => "4",
        _ => "5",
    };

    public static Counters Load(Db db)
    {
        var counters = new Counters();
        using var rows = db["SELECT kind, name, value FROM counter"].Read();

        while (rows.Next())
        {
            var (kind, name) = ((Counted)rows.Int(), rows.Text());
            counters._kinds[(int)kind][name] = new Counter(kind, name, rows.Number());
        }

        return counters;
    }

    private const string OfKind = "SELECT name, value FROM counter WHERE kind = $kind";

    /// <summary>The counters of one kind.</summary>
    public static Dictionary<string, long> Load(Db db, Counted kind)
    {
        using var rows = db[OfKind].With((long)kind).Read();
        var values = new Dictionary<string, long>(StringComparer.Ordinal);

        while (rows.Next())
        {
            values[rows.Text()] = rows.Number();
        }

        return values;
    }

    private const string NamesOf = "SELECT name FROM counter WHERE kind = $kind AND name > $after ORDER BY name LIMIT $max";

    /// <summary>Names that are counted, after another one; so many at the most.</summary>
    public static List<string> Names(Db db, Counted kind, string? after, int max)
    {
        using var rows = db[NamesOf].With((long)kind, after ?? string.Empty, (long)max).Read();
        var names = new List<string>();

        while (rows.Next())
        {
            names.Add(rows.Text());
        }

        return names;
    }

    private const string OneOf = "SELECT value FROM counter WHERE kind = $kind AND name = $name";

    /// <summary>One counter.</summary>
    public static long Load(Db db, Counted kind, string name) => db[OneOf].With((long)kind, name).Number() ?? 0;

    public Dictionary<string, long> All(Counted kind) =>
        _kinds[(int)kind].Values.Where(counter => counter.Value != 0).ToDictionary(counter => counter.Name, counter => counter.Value);

    public long NextSequence()
    {
        Add(Counted.Sequence, string.Empty, 1);
        return this[Counted.Sequence];
    }

    /// <summary>A job went from one place to another, or came, or went.</summary>
    public void Move(Job? before, Job? after)
    {
        Count(before, -1);
        Count(after, 1);
    }

    /// <summary>Finished jobs of one kind were deleted.</summary>
    public void Remove(JobState state, string type, long count, long bytes)
    {
        Add(Counted.State, Name(state), -count);
        Add(Counted.Bytes, string.Empty, -bytes);
        Add(Counted.FinishedBytes, Name(state, type), -bytes);
    }

    /// <summary>Bytes that jobs of one type keep which ended in one way.</summary>
    public long Finished(JobState state, string type) => this[Counted.FinishedBytes, Name(state, type)];

    /// <summary>Where jobs run: <see cref="RunningRows"/>.</summary>
    public IEnumerable<long> RunningStretches() => All(Counted.Running).Keys.Select(name => long.Parse(name, CultureInfo.InvariantCulture));

    /// <summary>The ways to have ended, by type, in which jobs are kept.</summary>
    public List<(JobState State, string Type)> FinishedKinds() => All(Counted.FinishedBytes).Keys.Select(name => ((JobState)(name[0] - '0'), name[1..])).ToList();

    /// <summary>How they stand now, to go back to within the open transaction.</summary>
    public IReadOnlyDictionary<Counter, long> Mark() => _changed.ToDictionary(counter => counter, counter => counter.Value);

    /// <summary>Takes back what was counted since a mark, or since the transaction was opened.</summary>
    public void Undo(IReadOnlyDictionary<Counter, long>? mark = null) =>
        _changed.ForEach(counter => counter.Value = mark?.TryGetValue(counter, out var then) == true ? then : counter.Stored);

    private const string Store =
        "INSERT INTO counter (kind, name, value) VALUES ($kind, $name, $value) ON CONFLICT (kind, name) DO UPDATE SET value = excluded.value";

    private const string Forget = "DELETE FROM counter WHERE kind = $kind AND name = $name";

    /// <summary>Writes what the open transaction changed. Names come from callers, so a count of nothing is not kept.</summary>
    public void Save(Db db)
    {
        foreach (var counter in _changed)
        {
            if (counter.Value != counter.Stored)
            {
                _ = counter.Value != 0
                    ? db[Store].With((long)counter.Kind, counter.Name, counter.Value).Run()
                    : db[Forget].With((long)counter.Kind, counter.Name).Run();
            }
        }
    }

    /// <summary>The open transaction is over and holds, or nothing of it does.</summary>
    public void Commit()
    {
        foreach (var counter in _changed)
        {
            (counter.Stored, counter.IsChanged) = (counter.Value, false);

            if (counter.Value == 0)
            {
                _kinds[(int)counter.Kind].Remove(counter.Name);
            }
        }

        _changed.Clear();
    }

    private void Count(Job? job, int sign)
    {
        if (job is null)
        {
            return;
        }

        var bytes = sign * JobSize.Of(job);
        Add(Counted.State, Name(job.State), sign);
        Add(Counted.Bytes, string.Empty, bytes);

        if (job.State.IsTerminal())
        {
            Add(Counted.FinishedBytes, Name(job.State, job.Type), bytes);
        }

        if (job.State == JobState.Running)
        {
            Add(Counted.Running, StretchOf(job), sign);

            if (job.LeaseExpiresAt < DateTimeOffset.MaxValue)
            {
                Add(Counted.Leased, string.Empty, sign);
            }
        }

        if (job.State == JobState.Queued)
        {
            Add(Counted.Queue, job.Queue, sign);
            Add(Counted.Type, job.Type, sign);

            if (JobLifecycle.IsSuspect(job))
            {
                Add(Counted.Suspect, job.Type, sign);
            }
        }
    }

    /// <summary>Made once: jobs end by the thousand.</summary>
    private string Name(JobState state, string type)
    {
        ref var name = ref CollectionsMarshal.GetValueRefOrAddDefault(_finished, (state, type), out _);
        return name ??= Name(state) + type;
    }

    /// <summary>Made once for neighbours, which come and end together.</summary>
    private string StretchOf(Job job)
    {
        if (RunningRows.StretchOf(job.Sequence) is var stretch && stretch != _stretch.Number)
        {
            _stretch = (stretch, stretch.ToString(CultureInfo.InvariantCulture));
        }

        return _stretch.Name;
    }

    public void Add(Counted kind, string name, long delta)
    {
        ref var counter = ref CollectionsMarshal.GetValueRefOrAddDefault(_kinds[(int)kind], name, out _);
        counter ??= new Counter(kind, name, 0);
        counter.Value += delta;

        if (!counter.IsChanged)
        {
            counter.IsChanged = true;
            _changed.Add(counter);
        }
    }
}

/// <summary>One of them.</summary>
internal sealed class Counter(Counted kind, string name, long value)
{
    public Counted Kind => kind;

    public string Name => name;

    public long Value { get; set; } = value;

    /// <summary>What it was before the open transaction.</summary>
    public long Stored { get; set; } = value;

    /// <summary>Whether it is among those that the open transaction has changed.</summary>
    public bool IsChanged { get; set; }
}
