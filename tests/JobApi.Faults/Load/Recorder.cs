using System.Collections.Concurrent;
using JobApi.Faults.Checking;

namespace JobApi.Faults.Load;

/// <summary>Where everybody writes down what they saw. It lives in this process, which nobody kills.</summary>
internal sealed class Recorder(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Entry> _submissions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, Effect> _effects = new();
    private readonly ConcurrentQueue<Disturbance> _disturbances = new();
    private readonly ConcurrentQueue<PersonalAct> _acts = new();
    private readonly ConcurrentQueue<Sighting> _sightings = new();
    private readonly ConcurrentQueue<Violation> _violations = new();
    private readonly ConcurrentQueue<TimeSpan> _readyAgain = new();
    private long _calls;
    private int _accepted;

    /// <summary>The moment, as everything here is stamped.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Submissions that were answered with a job, replays not counted.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>From the start of each process to its first "ready".</summary>
    public IReadOnlyCollection<TimeSpan> ReadyAgain => _readyAgain;

    /// <summary>What was seen to be wrong while it happened.</summary>
    public IReadOnlyCollection<Violation> Violations => _violations;

    public void Submitted(string token, string? key, Fate fate) => _submissions.TryAdd(token, new Entry(token, key, fate));

    public void Answered(string token, SubmitRequest request)
    {
        var entry = _submissions[token];
        entry.Requests.Enqueue(request);

        if (request.JobId is not null && Interlocked.Exchange(ref entry.IsAccepted, 1) == 0)
        {
            Interlocked.Increment(ref _accepted);
        }
    }

    /// <summary>A handler called the sink.</summary>
    public long Called(string token, int status)
    {
        var number = Interlocked.Increment(ref _calls);
        _effects[number] = new Effect(number, token, Now, status, null);

        return number;
    }

    /// <summary>The sink's answer to a call is out.</summary>
    public void CallAnswered(long number) => _effects[number] = _effects[number] with { AnsweredAt = Now };

    public void Disturbed(DisturbanceKind kind, DateTimeOffset from) => _disturbances.Enqueue(new Disturbance(kind, from, Now));

    public void Acted(PersonalAct act) => _acts.Enqueue(act);

    public void Saw(Sighting sighting) => _sightings.Enqueue(sighting);

    public void Ready(TimeSpan after) => _readyAgain.Enqueue(after);

    public void Broken(string message, string? token = null, Guid? job = null) =>
        _violations.Enqueue(new Violation(ViolationKind.Server, token, job, message));

    /// <summary>Everything so far, with the jobs of the store as its last page. Others may still write: what they add meanwhile may be missing.</summary>
    public History ToHistory(IReadOnlyList<StoredJob> stored) => new()
    {
        Submissions = [.. _submissions.Values.Select(entry => new Submission(entry.Token, entry.Key, entry.Fate) { Requests = entry.Requests.ToArray() })],
        Effects = [.. _effects.Values],
        Disturbances = _disturbances.ToArray(),
        Acts = _acts.ToArray(),
        Sightings = _sightings.ToArray(),
        Stored = stored,
    };

    private sealed class Entry(string token, string? key, Fate fate)
    {
        public int IsAccepted;

        public string Token => token;

        public string? Key => key;

        public Fate Fate => fate;

        public ConcurrentQueue<SubmitRequest> Requests { get; } = new();
    }
}
