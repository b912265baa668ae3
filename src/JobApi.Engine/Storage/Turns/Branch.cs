using JobApi.Engine.Storage.InMemory;

namespace JobApi.Engine.Storage.Turns;

/// <summary>Where something that waits stands among its siblings: by priority, then by turn, then by its first job.</summary>
internal readonly record struct Rank(int Priority, long Turn, long DueTicks, long Sequence) : IComparable<Rank>
{
    public int CompareTo(Rank other) =>
        other.Priority.CompareTo(Priority) is var byPriority and not 0 ? byPriority :
        Turn.CompareTo(other.Turn) is var byTurn and not 0 ? byTurn :
        DueTicks.CompareTo(other.DueTicks) is var byDue and not 0 ? byDue :
        Sequence.CompareTo(other.Sequence);
}

/// <summary>
/// A part of the tree of waiting jobs: type, queue, fairness key, lane. Each stands among its siblings by the best of its own parts; one
/// that is blocked does not stand there at all, so a claim never meets it.
/// </summary>
internal class Branch(Branch? parent)
{
    private readonly SortedRuns<Standing> _parts = new();
    private Rank? _rank;

    public Branch? Parent => parent;

    /// <summary>The lanes in it.</summary>
    public int Lanes { get; set; }

    /// <summary>The part whose first job goes first; null when none can go.</summary>
    public Branch? First => _parts.First?.Part;

    public Rank? FirstRank => _parts.First?.Rank;

    /// <summary>The parts in their order. Must be left before anything changes.</summary>
    public IEnumerable<(Rank Rank, Branch Part)> Parts => _parts.Ascending().Select(standing => (standing.Rank, standing.Part));

    /// <summary>Takes its place among its siblings again, after something in it has changed.</summary>
    public void Settle()
    {
        if (parent is null || Best() is var rank && rank == _rank)
        {
            return;
        }

        if (_rank is { } from)
        {
            parent._parts.Remove(new Standing(from, this));
        }

        if (rank is { } to)
        {
            parent._parts.Add(new Standing(to, this));
        }

        _rank = rank;
        parent.Settle();
    }

    /// <summary>By what it stands among its siblings; null when nothing in it can be claimed.</summary>
    protected virtual Rank? Best() => FirstRank;

    private readonly record struct Standing(Rank Rank, Branch Part) : IComparable<Standing>
    {
        public int CompareTo(Standing other) => Rank.CompareTo(other.Rank);
    }
}

/// <summary>The jobs of one type that wait in one queue.</summary>
internal sealed class QueueBranch(Branch type, QueueUse queue) : Branch(type)
{
    protected override Rank? Best() => queue.IsBlocked ? null : FirstRank;
}

/// <summary>The jobs of one type, queue and fairness key.</summary>
internal sealed class TurnBranch(QueueBranch queue, Turn turn) : Branch(queue)
{
    /// <summary>The lanes by where each of them stands among those of all turns.</summary>
    public IEnumerable<(Rank Rank, Branch Part)> PartsInTurn => Parts.Select(part => (part.Rank with { Turn = turn.Number }, part.Part));

    protected override Rank? Best() => FirstRank is { } first ? first with { Turn = turn.Number } : null;
}
