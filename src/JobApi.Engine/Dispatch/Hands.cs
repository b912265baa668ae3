using JobApi.Engine.Storage;

namespace JobApi.Engine.Dispatch;

/// <summary>
/// How many workers wait for a job that nobody has promised them yet, and how many are to go. A job is claimed only for a hand
/// that was taken here first: one that is idle, or one that is expected to be soon, as far ahead as <see cref="Pace"/> says. So there are
/// never more claimed jobs without a worker than that, and never a worker too many.
/// </summary>
internal sealed class Hands
{
    /// <summary>With fewer hands ahead jobs are not short enough for others to wait for their end, and the pool should see them all.</summary>
    public const int FewAhead = 100;

    private readonly Lock _gate = new();

    // Below zero: so many jobs were claimed for workers that are still busy.
    private int _idle;
    private int _ahead;
    private int _leaving;

    // Who waits because of how many there are: for so many, of which there were too few or not.
    private int _wanted;
    private bool _areTooFew;
    private Action? _changed;

    /// <summary>Called, outside the lock, for each idle worker that is to go.</summary>
    public Action? Dismiss { get; set; }

    /// <summary>Workers that wait and are not promised a job.</summary>
    public int Idle
    {
        get
        {
            lock (_gate)
            {
                return Math.Max(_idle, 0);
            }
        }
    }

    /// <summary>How many hands may be taken before they are idle.</summary>
    public int Ahead
    {
        get
        {
            lock (_gate)
            {
                return _ahead;
            }
        }

        set
        {
            Action? changed;

            lock (_gate)
            {
                _ahead = value;
                changed = TakeWatcher();
            }

            changed?.Invoke();
        }
    }

    /// <summary>How many hands somebody waits for; zero when nobody does.</summary>
    public int Wanted
    {
        get
        {
            lock (_gate)
            {
                return _changed is null ? 0 : _wanted;
            }
        }
    }

    /// <summary>A worker has nothing to do. False when it is one too many and should go.</summary>
    public bool Offer()
    {
        Action? changed;

        lock (_gate)
        {
            if (_leaving > 0)
            {
                _leaving--;
                return false;
            }

            _idle++;
            changed = TakeWatcher();
        }

        changed?.Invoke();
        return true;
    }

    /// <summary>
    /// How many hands may be taken now and within a moment; none while few are ahead. As long as so many may be taken within a moment there is reason to wait, so the caller is called
    /// back, once and only who asked last, when there is none any more, or when so many may be taken now that could not before.
    /// </summary>
    public HandsOutlook Watch(int wanted, Action changed)
    {
        lock (_gate)
        {
            (_wanted, _areTooFew, _changed) = IsWorthWaitingFor(wanted) ? (wanted, Free < wanted, changed) : (0, false, null);

            return _ahead < FewAhead ? default : new HandsOutlook(Free, Soon);
        }
    }

    /// <summary>Nobody waits any more.</summary>
    public void Unwatch()
    {
        lock (_gate)
        {
            _changed = null;
        }
    }

    /// <summary>Takes up to so many hands; returns how many.</summary>
    public int Take(int max)
    {
        lock (_gate)
        {
            var taken = Math.Min(Free, max);
            _idle -= taken;
            return taken;
        }
    }

    /// <summary>Gives hands back for which there was no job.</summary>
    public void Return(int count) => LetGo(count, leaving: 0);

    /// <summary>Lets so many workers go: idle ones now, busy ones after the job in hand.</summary>
    public void Retire(int count) => LetGo(returned: 0, count);

    /// <summary>Withdraws up to so many dismissals that no worker has followed yet; returns how many.</summary>
    public int Unretire(int max)
    {
        lock (_gate)
        {
            var kept = Math.Min(max, _leaving);
            _leaving -= kept;
            return kept;
        }
    }

    /// <summary>Whoever waits for hands should ask again, whatever there are.</summary>
    public void CallWatcher()
    {
        Action? changed;

        lock (_gate)
        {
            changed = Interlocked.Exchange(ref _changed, null);
        }

        changed?.Invoke();
    }

    // Under the gate, as what follows.
    private int Free => Math.Max(_idle + _ahead, 0);

    private int Soon => Math.Max(_idle, 0) + _ahead;

    private bool IsWorthWaitingFor(int wanted) => _ahead >= FewAhead && wanted <= Soon;

    /// <summary>Whom to call when the gate is left, because there are enough hands now or there will not be.</summary>
    private Action? TakeWatcher() =>
        _changed is not null && ((_areTooFew && Free >= _wanted) || !IsWorthWaitingFor(_wanted)) ? Interlocked.Exchange(ref _changed, null) : null;

    private void LetGo(int returned, int leaving)
    {
        int dismissed;
        Action? changed;

        lock (_gate)
        {
            _idle += returned;
            _leaving += leaving;
            dismissed = Math.Min(Math.Max(_idle, 0), _leaving);
            _idle -= dismissed;
            _leaving -= dismissed;
            changed = TakeWatcher();
        }

        changed?.Invoke();

        for (var i = 0; i < dismissed; i++)
        {
            Dismiss?.Invoke();
        }
    }
}
