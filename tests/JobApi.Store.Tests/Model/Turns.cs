using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Store.Tests.Model;

/// <summary>Whose turn it is and what is open, kept the slow and obvious way: a list of the keys that wait, in which who comes or was served goes to the end.</summary>
public sealed class Turns
{
    private readonly Dictionary<Guid, Job> _known = [];
    private readonly Dictionary<(string Queue, string? Key, bool IsSuspect), long> _numbers = [];
    private readonly Dictionary<string, QueueStanding> _queues = [];
    private long _last;

    public IEnumerable<string> Restricted => _queues.Keys;

    public QueueStanding SettingsOf(string queue) => _queues.GetValueOrDefault(queue, new QueueStanding(queue));

    public void Set(string queue, QueueChange change)
    {
        var (isPaused, limit) = change.Apply(SettingsOf(queue).IsPaused, SettingsOf(queue).ConcurrencyLimit);
        _queues[queue] = new QueueStanding(queue) { IsPaused = isPaused, ConcurrencyLimit = limit };

        if (!isPaused && limit is null)
        {
            _queues.Remove(queue);
        }
    }

    /// <summary>A job now stands like this.</summary>
    public void Follow(Job job)
    {
        var wasFirst = !_known.Values.Any(other => IsIn(other, GroupOf(job)));
        var didWait = _known.TryGetValue(job.Id, out var known) && IsIn(known, GroupOf(job));
        _known[job.Id] = job;

        if (IsIn(job, GroupOf(job)) && !didWait && wasFirst)
        {
            _numbers[GroupOf(job)] = ++_last;
        }
    }

    public void Serve(Job job) => _numbers[GroupOf(job)] = ++_last;

    /// <summary>A new start does not know who has had a turn.</summary>
    public void Forget()
    {
        foreach (var group in _numbers.Keys.ToList())
        {
            _numbers[group] = 0;
        }
    }

    /// <summary>What a claim must give, and in which order.</summary>
    public IReadOnlyList<Job> Expect(IEnumerable<Job> jobs, ClaimRequest request)
    {
        var all = jobs.ToDictionary(job => job.Id);
        var numbers = new Dictionary<(string, string?, bool), long>(_numbers);
        var claimed = new List<Job>();

        while (claimed.Count < (request.IsForSuspect ? Math.Min(request.Max, 1) : request.Max) && First() is { } first)
        {
            claimed.Add(first);
            all[first.Id] = first with { State = JobState.Running };
            numbers[GroupOf(first)] = _last + claimed.Count;
        }

        return claimed;

        Job? First() => all.Values
            .Where(job => job.State == JobState.Queued && job.Crashes >= 2 == request.IsForSuspect && request.Types.Contains(job.Type))
            .Where(job => JobLifecycle.ExpiresAt(job) is not { } expiresAt || expiresAt > request.Now)
            .Where(job => claimed.Count(one => one.Type == job.Type) < request.TypeBudgets.GetValueOrDefault(job.Type, int.MaxValue))
            .Where(job => !SettingsOf(job.Queue).IsPaused)
            .Where(job => !(Running(one => one.Queue == job.Queue) >= SettingsOf(job.Queue).ConcurrencyLimit))
            .Where(job => job.Spec.ConcurrencyKey is not { } key || Running(one => one.Spec.ConcurrencyKey == key) < job.Spec.ConcurrencyLimit)
            .OrderByDescending(job => job.Spec.Priority).ThenBy(job => numbers.GetValueOrDefault(GroupOf(job))).ThenBy(job => job.RunAt).ThenBy(job => job.Sequence)
            .FirstOrDefault();

        int Running(Func<Job, bool> which) => all.Values.Count(job => job.State == JobState.Running && which(job));
    }

    private static bool IsIn(Job job, (string, string?, bool) group) => job.State == JobState.Queued && GroupOf(job) == group;

    private static (string Queue, string? Key, bool IsSuspect) GroupOf(Job job) => (job.Queue, job.Spec.FairnessKey, job.Crashes >= 2);
}
