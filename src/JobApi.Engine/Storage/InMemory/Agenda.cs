using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.InMemory;

/// <summary>The jobs that have an instant of one kind, in its order. Whether a job has it follows from its snapshot alone.</summary>
/// <param name="when">The instant; null, or the end of time, when the job does not belong here.</param>
internal sealed class Agenda(Func<Job, DateTimeOffset?> when)
{
    private readonly SortedRuns<Slot> _slots = new();

    /// <summary>The job whose instant comes first.</summary>
    public StoredJob? First => _slots.First?.Job;

    /// <summary>The instant that comes first.</summary>
    public DateTimeOffset? Next => _slots.First is { } first ? new DateTimeOffset(first.Ticks, TimeSpan.Zero) : null;

    /// <summary>The job whose instant comes first, provided it has come.</summary>
    public StoredJob? FirstDue(DateTimeOffset now) => _slots.First is { } first && first.Ticks <= now.UtcTicks ? first.Job : null;

    public void Update(StoredJob stored, Job? before, Job? after)
    {
        var from = Ticks(before);
        var to = Ticks(after);

        if (from == to)
        {
            return;
        }

        if (from is { } old)
        {
            _slots.Remove(new Slot(old, stored.Sequence, stored));
        }

        if (to is { } next)
        {
            _slots.Add(new Slot(next, stored.Sequence, stored));
        }
    }

    private long? Ticks(Job? job) => job is null || when(job) is not { } at || at == DateTimeOffset.MaxValue ? null : at.UtcTicks;

    private readonly record struct Slot(long Ticks, long Sequence, StoredJob Job) : IComparable<Slot>
    {
        public int CompareTo(Slot other) => Ticks.CompareTo(other.Ticks) is var order and not 0 ? order : Sequence.CompareTo(other.Sequence);
    }
}
