using JobApi.Engine.Events;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Dispatch;

/// <summary>
/// Whether jobs may run beside each other now. It is closed while a suspect runs, and before that until everything else has ended; whoever
/// claims passes through it. The dispatcher closes and opens it, everybody else only asks.
/// </summary>
internal sealed class Isolation : IJobObserver
{
    private readonly Lock _gate = new();
    private readonly Occupancy _occupancy;
    private readonly Doorbell _bell;
    private readonly Hands _hands;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;

    // Under the gate.
    private int _claiming;
    private bool _isClosed;
    private bool _isRunning;
    private bool _isInDoubt;
    private long? _waitingSince;

    public Isolation(Occupancy occupancy, Doorbell bell, Hands hands, IOptions<DispatchOptions> options, TimeProvider time)
    {
        (_occupancy, _bell, _hands, _patience, _time) = (occupancy, bell, hands, options.Value.SuspectPatience, time);
        occupancy.OnChange = RingIfAwaited;
    }

    /// <summary>Whether no job may be claimed to run beside others.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _isClosed;
            }
        }
    }

    /// <summary>When the suspect that waits has waited long enough; null when none is known, or when it could not run alone anyway.</summary>
    public TimeSpan? PatienceLeft
    {
        get
        {
            lock (_gate)
            {
                // An abandoned handler may never end, so nothing is held up for it.
                return _isClosed || _waitingSince is not { } since || _occupancy.Abandoned > 0 ? null : _patience - _time.GetElapsedTime(since);
            }
        }
    }

    /// <summary>A claim of jobs that run beside others begins; false when none may. Followed by <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            _claiming += _isClosed ? 0 : 1;
            return !_isClosed;
        }
    }

    /// <summary>A claim is over, and what it brought is held.</summary>
    public void Leave()
    {
        bool isLast;

        lock (_gate)
        {
            isLast = --_claiming == 0 && _isClosed;
        }

        // Not for a suspect that only waits: the dispatcher's own claims come through here, and it would wake itself for ever.
        if (isLast)
        {
            _bell.Ring();
        }
    }

    /// <summary>There may be a due suspect.</summary>
    public void SuspectMayWait()
    {
        lock (_gate)
        {
            _waitingSince ??= _time.GetTimestamp();
        }
    }

    /// <summary>What is known of waiting suspects is about to be checked; news from here on is kept.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _waitingSince = null;
        }
    }

    /// <summary>Lets no more jobs in until a suspect has run alone.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }

        // Outside the gate, which may be asked for while the watcher's own lock is held.
        _hands.CallWatcher();
    }

    /// <summary>Closes for a suspect that may wait, provided nothing runs; false otherwise.</summary>
    public bool TryCloseEmpty()
    {
        lock (_gate)
        {
            _isClosed |= _waitingSince is not null && _claiming == 0 && _occupancy.IsEmpty;

            if (!_isClosed)
            {
                return false;
            }
        }

        _hands.CallWatcher();
        return true;
    }

    /// <summary>What follows while it is closed. Opens it when the suspect has run, or when an abandoned handler keeps it from running alone.</summary>
    public NextStep Next()
    {
        lock (_gate)
        {
            if (_isRunning ? _occupancy.Held == 0 : _occupancy.Abandoned > 0)
            {
                (_isClosed, _isRunning) = (false, false);

                // Another one may wait; it has its own patience, so that suspects in a row do not starve the rest.
                _waitingSince = _time.GetTimestamp();
                return NextStep.GoOn;
            }

            if (_isRunning || _claiming > 0 || !_occupancy.IsEmpty)
            {
                var mayBeGone = _isInDoubt && !_isRunning;
                _isInDoubt = false;
                return mayBeGone ? NextStep.Check : NextStep.Wait;
            }

            _waitingSince = null;
            return NextStep.Claim;
        }
    }

    /// <summary>The suspect was claimed and runs alone.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _isRunning = true;
        }
    }

    /// <summary>There was no suspect after all.</summary>
    public void Open()
    {
        lock (_gate)
        {
            _isClosed = false;
        }
    }

    public void Changed(Job job)
    {
        if (!JobLifecycle.IsSuspect(job))
        {
            return;
        }

        if (job.State == JobState.Queued)
        {
            SuspectMayWait();
        }
        else if (job.State.IsTerminal())
        {
            // It may be the one that everything is held up for.
            lock (_gate)
            {
                _isInDoubt = true;
            }

            RingIfAwaited();
        }
    }

    private void RingIfAwaited()
    {
        bool isAwaited;

        lock (_gate)
        {
            isAwaited = _isClosed || _waitingSince is not null;
        }

        if (isAwaited)
        {
            _bell.Ring();
        }
    }
}
