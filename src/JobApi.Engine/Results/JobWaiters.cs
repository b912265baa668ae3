namespace JobApi.Engine.Results;

/// <summary>Who waits for the next change of which job. A waiter costs an entry and a task, never a thread, and there are only so many.</summary>
internal sealed class JobWaiters(int max)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Signal> _signals = [];

    // Read without the lock on every change of every job: mostly nobody waits, and then there is nothing to look up.
    private volatile int _count;

    /// <summary>Waiters registered now.</summary>
    public int Count => _count;

    /// <summary>Registers for the next change; dispose of the subscription when it is no longer wanted. Null when too many wait already.</summary>
    public Subscription? Subscribe(Guid id)
    {
        lock (_gate)
        {
            if (_count >= max)
            {
                return null;
            }

            if (!_signals.TryGetValue(id, out var signal))
            {
                _signals.Add(id, signal = new Signal());
            }

            signal.Waiters++;
            _count++;
            return new Subscription(this, id, signal);
        }
    }

    /// <summary>Whether somebody waits for this job.</summary>
    public bool IsAwaited(Guid id)
    {
        if (_count == 0)
        {
            return false;
        }

        lock (_gate)
        {
            return _signals.ContainsKey(id);
        }
    }

    /// <summary>Wakes everybody who waits for this job.</summary>
    public void Pulse(Guid id)
    {
        if (_count == 0)
        {
            return;
        }

        Signal? signal;

        lock (_gate)
        {
            _signals.Remove(id, out signal);
        }

        signal?.Fired.TrySetResult();
    }

    private void Leave(Guid id, Signal signal)
    {
        lock (_gate)
        {
            _count--;

            if (--signal.Waiters == 0 && _signals.TryGetValue(id, out var current) && ReferenceEquals(current, signal))
            {
                _signals.Remove(id);
            }
        }
    }

    /// <summary>One waiter's place.</summary>
    public readonly struct Subscription : IDisposable
    {
        private readonly JobWaiters _waiters;
        private readonly Guid _id;
        private readonly Signal _signal;

        internal Subscription(JobWaiters waiters, Guid id, Signal signal) => (_waiters, _id, _signal) = (waiters, id, signal);

        /// <summary>Completes with the next change.</summary>
        public Task Changed => _signal.Fired.Task;

        public void Dispose() => _waiters.Leave(_id, _signal);
    }

    internal sealed class Signal
    {
        /// <summary>Continuations run elsewhere: the thread that changed the job has other work.</summary>
        public TaskCompletionSource Fired { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Waiters { get; set; }
    }
}
