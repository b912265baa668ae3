namespace JobApi.Engine.Diagnostics;

/// <summary>The pulse of one loop: it either rests, waiting for a signal, or it works, and says after each piece of work that it is done.</summary>
internal sealed class Heartbeat(string name, TimeProvider time)
{
    /// <summary>A loop that works for this long without a beat and without coming back to rest is stuck.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const long Resting = long.MaxValue;

    private long _workingSince = time.GetTimestamp();

    public string Name => name;

    /// <summary>Counts what went well; the supervisor forgives earlier failures when it moves.</summary>
    public int Beats { get; private set; }

    public bool IsStuck => Volatile.Read(ref _workingSince) is not Resting and var since && time.GetElapsedTime(since) > Patience;

    /// <summary>A piece of work is done. A loop with much to do gets no rest for long and is well all the same.</summary>
    public void Beat()
    {
        Beats++;
        Volatile.Write(ref _workingSince, time.GetTimestamp());
    }

    /// <summary>Waits for what gives the loop its next work. It says nothing of the work before: a loop can fail after each rest.</summary>
    public async ValueTask<T> RestUntilAsync<T>(ValueTask<T> signal)
    {
        Volatile.Write(ref _workingSince, Resting);

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
