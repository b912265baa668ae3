using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Events;

/// <summary>
/// In-process notice of every state change. It is what makes everything else signalled instead of polled: the cache, the
/// waiting requests, the dispatcher's bell and the time keeper all live on it.
/// </summary>
internal sealed class JobEvents
{
    private IJobObserver[] _observers = [];

    /// <summary>Adds observers, in the order in which they hear. Called once, before the engine starts.</summary>
    public void Subscribe(params IJobObserver[] observers) => _observers = [.. _observers, .. observers];

    /// <summary>Announces a snapshot that the store has confirmed.</summary>
    public void Changed(Job job)
    {
        foreach (var observer in _observers)
        {
            observer.Changed(job);
        }
    }

    /// <summary>Announces snapshots that the store has confirmed.</summary>
    public void Changed(IReadOnlyList<Job> jobs)
    {
        for (var i = 0; i < jobs.Count; i++)
        {
            Changed(jobs[i]);
        }
    }

    /// <summary>Announces that a job is gone.</summary>
    public void Removed(Guid id)
    {
        foreach (var observer in _observers)
        {
            observer.Removed(id);
        }
    }
}
