namespace JobApi.Engine.Diagnostics;

/// <summary>The pulse of one loop: it either rests, waiting for a signal, or it works and comes back to rest soon.</summary>
internal sealed class Heartbeat(string name, TimeProvider time)
{
    /// <summary>A loop that works for this long without coming back to rest is stuck.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const long Resting = long.MaxValue;

    private long _workingSince = time.GetTimestamp();
    private int _beats;

    public string Name => name;

    /// <summary>Counts the loop's rounds; the supervisor forgives earlier failures when it moves.</summary>
    public int Beats => Volatile.Read(ref _beats);

    public bool IsStuck => Volatile.Read(ref _workingSince) is not Resting and var since && time.GetElapsedTime(since) > Patience;

    /// <summary>Waits for what gives the loop its next work.</summary>
    public async ValueTask<T> RestUntilAsync<T>(ValueTask<T> signal)
    {
        Volatile.Write(ref _workingSince, Resting);
        Interlocked.Increment(ref _beats);

        try
        {
            return await signal;
        }
        finally
        {
            Volatile.Write(ref _workingSince, time.GetTimestamp());
        }
    }
}
