namespace JobApi.Jobs.Safety;

/// <summary>
/// Lets requests through at a steady rate with room for a burst. Kept as one moment (the generic cell rate algorithm) instead of a counter and
/// a timer, so that an unused one costs nothing and time can be faked.
/// </summary>
/// <param name="perSecond">The rate in the long run.</param>
/// <param name="burst">How many may pass at once after a pause.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(double perSecond, int burst, TimeProvider time)
{
    /// <summary>Nobody is told to wait longer: the queue in front may have shrunk by then.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly long _origin = time.GetTimestamp();
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1 / perSecond);

    /// <summary>When the bucket will be full again. Guarded by the lock.</summary>
    private TimeSpan _fullAt;

    /// <summary>The turn that the next one turned away is told. Guarded by the lock.</summary>
    private TimeSpan _nextTurn;

    /// <summary>Takes a token, or says when to come back. Those turned away get turns one behind the other, so that they do not return as a crowd.</summary>
    public bool TryTake(out TimeSpan wait)
    {
        lock (_lock)
        {
            var now = time.GetElapsedTime(_origin);
            var nextToken = _fullAt - (_interval * (burst - 1));

            if (nextToken <= now)
            {
                _fullAt = (_fullAt > now ? _fullAt : now) + _interval;
                wait = TimeSpan.Zero;
                return true;
            }

            var turn = _nextTurn > nextToken ? _nextTurn : nextToken;
            wait = turn - now < LongestWait ? turn - now : LongestWait;
            _nextTurn = now + wait + _interval;
            return false;
        }
    }
}
