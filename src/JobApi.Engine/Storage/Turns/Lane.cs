namespace JobApi.Engine.Storage.Turns;

/// <summary>The waiting jobs of one <see cref="LaneKey"/>: how many they are, and which is the first.</summary>
internal sealed class Lane(LaneKey key, TurnBranch branch, Turn turn, KeyUse? use) : Branch(branch)
{
    private Place? _head;

    public LaneKey Key => key;

    public Turn Turn => turn;

    public KeyUse? Use => use;

    /// <summary>Waiting jobs, those included that are past their expiry and have not been canceled yet.</summary>
    public int Count { get; set; }

    /// <summary>Whether the head has left, or is only guessed: the true one stands behind it.</summary>
    public bool IsStale { get; private set; }

    /// <summary>The first job that may start; a guess while <see cref="IsStale"/>; null when all are past their expiry.</summary>
    public Place? Head => _head;

    public void Add(Place place)
    {
        Count++;

        if (_head is null || place <= _head)
        {
            Found(place);
        }
    }

    public void Remove(Place place)
    {
        Count--;

        // It keeps its place, which is too good, until it is looked at: then the true head is asked for.
        IsStale |= _head?.Sequence == place.Sequence;
    }

    /// <summary>The head is looked past.</summary>
    public void Pass() => IsStale = true;

    /// <summary>The head is known.</summary>
    public void Found(Place? head)
    {
        _head = head;
        IsStale = false;
        Settle();
    }

    /// <summary>There are jobs in it, and nobody has looked at them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="guess">A sequence below all others.</param>
    public void Guess(int count, long guess)
    {
        Count = count;
        Found(new Place(int.MaxValue, 0, guess, long.MaxValue));
        IsStale = true;
    }

    protected override Rank? Best() =>
        _head is { } head && !(use?.Running >= key.ConcurrencyLimit) ? new Rank(head.Priority, 0, head.DueTicks, head.Sequence) : null;
}
