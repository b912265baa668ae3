using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Events;

/// <summary>
/// Hears of every change of every job in this process, on the thread that made it. It must be quick and must not throw: what
/// takes longer signals a loop.
/// </summary>
internal interface IJobObserver
{
    /// <summary>A job changed, or is new. Snapshots can arrive out of order: <see cref="Job.Version"/> tells.</summary>
    void Changed(Job job);

    /// <summary>A job was deleted.</summary>
    void Removed(Guid id)
    {
    }
}
