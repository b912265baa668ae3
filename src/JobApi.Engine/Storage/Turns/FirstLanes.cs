namespace JobApi.Engine.Storage.Turns;

/// <summary>
/// The lanes that the first so many claims come from, however many lanes there are. A claim never makes a lane that it leaves alone go sooner, so each of the first
/// turns goes once before any other turn does, and nothing that stands behind as many turns as are looked for can be among their claims.
/// </summary>
internal sealed class FirstLanes
{
    /// <summary>The most lanes that are only guessed: each could be anywhere, so all of them are looked at.</summary>
    private const int MaxGuesses = 2_000;

    /// <summary>Up to so many lanes for each claim, every turn has all the lanes it could need: it takes all claims when the others have nothing more.</summary>
    private const int Plenty = 4;

    /// <summary>
    /// The lanes of a turn that are looked at at least when there are more. Turns of one priority share the claims, so the later ones need ever fewer lanes;
    /// these are for those that go twice while others go once.
    /// </summary>
    private const int LeastOfTurn = 16;

    private readonly Dictionary<Turn, (int Taken, int Share)> _turns = [];
    private readonly List<Lane> _lanes = [];
    private readonly int _max;
    private int _guesses;

    private FirstLanes(int max) => _max = max;

    public IReadOnlyList<Lane> Lanes => _lanes;

    /// <summary>Where there are more lanes of a turn than room: the first job of the last one there was room for. What comes behind it is not known.</summary>
    public Dictionary<Turn, Place> Cuts { get; } = [];

    /// <summary>Walks the tree from its best branch on, without the blocked ones: they do not stand in it.</summary>
    /// <returns>Null when too many lanes are only guessed.</returns>
    public static FirstLanes? Of(IEnumerable<Branch> types, int max)
    {
        var found = new FirstLanes(max);
        var next = new PriorityQueue<IEnumerator<(Rank Rank, Branch Part)>, Rank>();

        foreach (var type in types)
        {
            Go(type.Parts);
        }

        while (next.TryDequeue(out var parts, out _))
        {
            var part = parts.Current.Part;

            if (part is not Lane lane)
            {
                Go(part is TurnBranch turn ? turn.PartsInTurn : part.Parts);
            }
            else if (!found.Add(lane))
            {
                // The other lanes of this turn and type stand behind it.
                continue;
            }

            if (found._guesses > MaxGuesses)
            {
                return null;
            }

            if (found._turns.Count > max)
            {
                return found;
            }

            Advance(parts);
        }

        return found;

        void Go(IEnumerable<(Rank Rank, Branch Part)> parts) => Advance(parts.GetEnumerator());

        void Advance(IEnumerator<(Rank Rank, Branch Part)> parts)
        {
            if (parts.MoveNext())
            {
                next.Enqueue(parts, parts.Current.Rank);
            }
        }
    }

    private bool Add(Lane lane)
    {
        if (lane.IsStale)
        {
            _lanes.Add(lane);
            _guesses++;
            return true;
        }

        var (taken, share) = _turns.TryGetValue(lane.Turn, out var turn) ? turn : (0, (_max / (_turns.Count + 1)) + LeastOfTurn);

        if (taken >= (_lanes.Count < Plenty * _max ? _max : share))
        {
            _lanes.Add(lane);
            Cuts[lane.Turn] = Cuts.TryGetValue(lane.Turn, out var other) && other < lane.Head!.Value ? other : lane.Head!.Value;
            return false;
        }

        _turns[lane.Turn] = (taken + 1, share);
        _lanes.Add(lane);
        return true;
    }
}
