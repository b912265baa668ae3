using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite.Tables;

namespace JobApi.Sqlite;

/// <summary>
/// The hands offered with a submission, when there is one for each of its jobs and nobody waits before them: then each job is stored
/// already claimed, in one write, and no order has to be asked for.
/// </summary>
internal sealed class IdleHands
{
    private readonly ClaimRequest _offer;
    private readonly Dictionary<string, int> _places;

    private IdleHands(ClaimRequest offer)
    {
        _offer = offer;
        _places = new Dictionary<string, int>(offer.TypeBudgets, StringComparer.Ordinal);
    }

    /// <param name="request">The submissions and the offer that came with them.</param>
    /// <param name="waiting">The jobs that wait already, and the limits in force.</param>
    public static IdleHands? For(InsertRequest request, Waiting waiting) =>
        request.Offer is { } offer && request.Submissions.Sum(submission => submission.Jobs.Count) is var jobs && jobs <= offer.Max
            && (jobs == 1 || AreWanted(request, offer)) && waiting.AreFree(request.Submissions, offer)
            ? new IdleHands(offer)
            : null;

    /// <summary>Where only some of several jobs can start, their order decides, and that is the claim's business.</summary>
    private static bool AreWanted(InsertRequest request, ClaimRequest offer) =>
        request.Submissions.All(submission => submission.Jobs.All(job => offer.Types.Contains(job.Type) && !(job.ExpiresAt <= offer.Now)))
        && offer.TypeBudgets.All(places => request.Submissions.Sum(submission => submission.Jobs.Count(job => job.Type == places.Key)) <= places.Value);

    /// <summary>The job as its worker gets it; null when this one has to wait.</summary>
    public Job? TryTake(Job job)
    {
        if (job.State != JobState.Queued || JobLifecycle.ExpiresAt(job) <= _offer.Now || !_offer.Types.Contains(job.Type))
        {
            return null;
        }

        if (_places.TryGetValue(job.Type, out var places))
        {
            if (places == 0)
            {
                return null;
            }

            _places[job.Type] = places - 1;
        }

        return JobLifecycle.Claim(job, _offer.Node, _offer.Now, _offer.LeaseExpiresAt);
    }
}
