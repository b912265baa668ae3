using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite.Tables;

namespace JobApi.Sqlite;

/// <summary>
/// The hands offered with a submission when nobody waits before its jobs and no order has to be asked for: because there is a hand for each of them, or
/// because they stand in one line in the order of their arrival. Then jobs are stored already claimed, in one write, until the hands are used up.
/// </summary>
internal sealed class IdleHands
{
    private readonly ClaimRequest _offer;
    private readonly Dictionary<string, int>? _places;
    private int _left;

    private IdleHands(ClaimRequest offer)
    {
        _offer = offer;
        _left = offer.Max;
        _places = offer.TypeBudgets.Count == 0 ? null : new Dictionary<string, int>(offer.TypeBudgets, StringComparer.Ordinal);
    }

    /// <param name="request">The submissions and the offer that came with them.</param>
    /// <param name="waiting">The jobs that wait already, and the limits in force.</param>
    public static IdleHands? For(InsertRequest request, Waiting waiting) =>
        request.Offer?.Take() is { } offer && (IsOne(request) || AreWanted(request, offer)) && waiting.AreFree(request.Jobs, offer)
            ? new IdleHands(offer)
            : null;

    private static bool IsOne(InsertRequest request) => request.Submissions is [{ Jobs.Count: 1 }];

    /// <summary>Where only some of several jobs can start, their order decides, and that is the claim's business.</summary>
    private static bool AreWanted(InsertRequest request, ClaimRequest offer) =>
        request.Jobs.All(job => offer.Types.Contains(job.Type) && !(job.ExpiresAt <= offer.Now))
        && (AreInLine(request) || Suffices(request, offer));

    private static bool Suffices(InsertRequest request, ClaimRequest offer) =>
        request.Jobs.Count <= offer.Max && offer.TypeBudgets.All(places => request.Jobs.Count(job => job.Type == places.Key) <= places.Value);

    /// <summary>Whether all of them go by when they came.</summary>
    private static bool AreInLine(InsertRequest request) => request.Jobs is [{ FairnessKey: null } first, ..] && request.Jobs.All(
        job => job.Type == first.Type && job.Queue == first.Queue && job.Priority == first.Priority && job.RunAt == first.RunAt && job.FairnessKey is null);

    /// <summary>The job as its worker gets it; null when this one has to wait.</summary>
    public Job? TryTake(JobSpec spec, DateTimeOffset now, long sequence)
    {
        if (_left == 0 || spec.RunAt > now || spec.ExpiresAt <= _offer.Now || !_offer.Types.Contains(spec.Type))
        {
            return null;
        }

        if (_places is not null && _places.TryGetValue(spec.Type, out var places))
        {
            if (places == 0)
            {
                return null;
            }

            _places[spec.Type] = places - 1;
        }

        _left--;
        return JobLifecycle.Start(spec, sequence, _offer.Node, _offer.Now, _offer.LeaseExpiresAt);
    }
}
