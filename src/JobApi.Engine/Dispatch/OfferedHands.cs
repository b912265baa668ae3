using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Dispatch;

/// <summary>The hands for one submission: offered to the store, taken when the jobs are stored, and settled when they are on their way.</summary>
internal sealed class OfferedHands
{
    private readonly Dispatcher _dispatcher;
    private readonly Pace _pace;
    private readonly TimeProvider _time;
    private long _taken;

    /// <param name="type">The jobs' type; null when they are of several.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="claims">Takes the hands.</param>
    /// <param name="dispatcher">Delivers the jobs.</param>
    /// <param name="pace">Hears how long the claim took.</param>
    /// <param name="time">Measures it.</param>
    public OfferedHands(string? type, int count, Claims claims, Dispatcher dispatcher, Pace pace, TimeProvider time)
    {
        (_dispatcher, _pace, _time) = (dispatcher, pace, time);
        ForStore = new ClaimOffer(Take, unused => dispatcher.Settle(unused, []), (wanted, changed) => claims.OutlookFor(type, wanted, changed));

        ClaimRequest? Take()
        {
            _taken = time.GetTimestamp();
            return claims.OpenFor(type, count);
        }
    }

    public ClaimOffer ForStore { get; }

    /// <summary>The write is over, whatever came of it.</summary>
    public void Settle(IEnumerable<Job> claimed)
    {
        if (ForStore.Taken is { } request)
        {
            _pace.Claimed(_time.GetElapsedTime(_taken));
            _dispatcher.Settle(request, claimed);
        }
    }
}
