using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage;

public sealed partial class InMemoryJobStore
{
    /// <inheritdoc />
    public ValueTask<AdvanceOutcome> AdvanceAsync(AdvanceRequest request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var (now, max) = request;
            var changed = new List<Job>();

            // Expiry goes before waking: a job that is due and too late at once must not start.
            while (changed.Count < max && (Recover(now) ?? Expire(now) ?? Wake(now)) is { } next)
            {
                changed.Add(next);
            }

            _keys.Forget(now, max);

            return new(new AdvanceOutcome(changed, Earliest(_leases.Next, _expiring.Next, _scheduled.Next)));
        }
    }

    private Job? Recover(DateTimeOffset now)
    {
        if (_leases.FirstDue(now) is not { } stored)
        {
            return null;
        }

        var next = JobLifecycle.Lose(stored.Job, now, _jitter());

        return EndAttempt(stored, next, now, worker: null, next.Error);
    }

    private Job? Expire(DateTimeOffset now) =>
        _expiring.FirstDue(now) is { } stored ? Put(stored, JobLifecycle.Expire(stored.Job, now)) : null;

    private Job? Wake(DateTimeOffset now) => _scheduled.FirstDue(now) is { } stored ? Put(stored, JobLifecycle.Wake(stored.Job)) : null;

    private static DateTimeOffset? Earliest(params ReadOnlySpan<DateTimeOffset?> instants)
    {
        DateTimeOffset? earliest = null;

        foreach (var instant in instants)
        {
            earliest = instant is { } at && (earliest is null || at < earliest) ? at : earliest;
        }

        return earliest;
    }
}
