namespace JobApi.Engine.Storage.Turns;

/// <summary>A queue's settings, its running jobs, and the branches that its settings can block.</summary>
internal sealed class QueueUse
{
    public bool IsPaused { get; private set; }

    public int? Limit { get; private set; }

    public int Running { get; private set; }

    public Dictionary<(string Type, bool IsSuspect), QueueBranch> Branches { get; } = [];

    public bool IsBlocked => IsPaused || Running >= Limit;

    public bool IsRestricted => IsPaused || Limit is not null;

    public bool IsUnused => Running == 0 && Branches.Count == 0 && !IsRestricted;

    public void Count(int delta)
    {
        var was = IsBlocked;
        Running += delta;
        Settle(was);
    }

    public void Restrict(bool isPaused, int? limit)
    {
        var was = IsBlocked;
        (IsPaused, Limit) = (isPaused, limit);
        Settle(was);
    }

    private void Settle(bool wasBlocked)
    {
        if (wasBlocked != IsBlocked)
        {
            foreach (var branch in Branches.Values)
            {
                branch.Settle();
            }
        }
    }
}

/// <summary>The running jobs of a concurrency key, and the lanes that they can block.</summary>
internal sealed class KeyUse
{
    public int Running { get; private set; }

    public HashSet<Lane> Lanes { get; } = [];

    public bool IsUnused => Running == 0 && Lanes.Count == 0;

    public void Count(int delta)
    {
        Running += delta;

        foreach (var lane in Lanes)
        {
            lane.Settle();
        }
    }
}

/// <summary>The turn of a fairness key within its queue: the smaller its number, the sooner.</summary>
internal sealed class Turn
{
    public long Number { get; private set; }

    /// <summary>The lanes of the key, of all types.</summary>
    public int Lanes { get; set; }

    /// <summary>The jobs in them.</summary>
    public int Waiting { get; set; }

    public Dictionary<string, TurnBranch> Branches { get; } = new(StringComparer.Ordinal);

    public void Set(long number)
    {
        Number = number;

        foreach (var branch in Branches.Values)
        {
            branch.Settle();
        }
    }
}
