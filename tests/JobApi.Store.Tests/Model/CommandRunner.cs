using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Store.Tests.Contract;
using JobApi.Testing;

namespace JobApi.Store.Tests.Model;

/// <summary>
/// Runs commands against a store, checks every answer against the jobs as they stood before, and every state against the
/// invariants. Two stores that were given the same commands must have told the same story.
/// </summary>
public sealed class CommandRunner(IStoreUnderTest store)
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly HashSet<string> OneType = ["square"];
    private static readonly HashSet<string> AllTypes = ["square", "sleep"];

    private readonly List<Guid> _known = [];
    private readonly List<Job> _claims = [];
    private readonly HashSet<(Guid, int)> _handedOut = [];
    private readonly Dictionary<string, (int Fingerprint, List<Guid> Jobs)> _keys = [];
    private readonly List<string> _story = [];
    private readonly Turns _turns = new();
    private int _lastId;
    private DateTimeOffset _now = Jobs.Start;
    private Snapshot _before = Snapshot.Empty;

    /// <summary>What each command did, and how every job then stood; ids are numbers in the order of submission.</summary>
    public IReadOnlyList<string> Story => _story;

    public async Task RunAsync(IEnumerable<Command> commands)
    {
        foreach (var command in commands)
        {
            await RunAsync(command);

            var after = await Snapshot.ReadAsync(store.Reader);
            await Invariants.CheckAsync(_before, after, store.Reader);
            await Invariants.CheckQueuesAsync(after, _turns, store.Queues);
            _before = after;
            _story.Add($"{command}: {string.Join(' ', after.Jobs.Values.Select(Tell))}");
        }
    }

    private Task RunAsync(Command command) => command switch
    {
        Command.Pass pass => Task.FromResult(_now = _now.AddSeconds(pass.Seconds)),
        Command.Submit submit => SubmitAsync(submit),
        Command.Claim claim => ClaimAsync(claim),
        Command.Finish finish => WithLease(finish.Lease, job => FinishAsync(job, finish.Outcome)),
        Command.Renew renew => WithLease(renew.Lease, RenewAsync),
        Command.Report report => WithLease(report.Lease, ReportAsync),
        Command.Advance advance => AdvanceAsync(advance.Max),
        Command.Cancel cancel => WithJob(cancel.Job, id => store.Control.CancelAsync(JobSelection.Of(id), Jobs.Asked("model"), _now, Token)),
        Command.Requeue requeue => WithJob(requeue.Job, id => store.Control.RequeueAsync(JobSelection.Of(id), _now, Token)),
        Command.Amend amend => WithJob(amend.Job, id => store.Control.AmendAsync(
            JobSelection.Of(id), new JobAmendment { Priority = amend.Priority, RunAt = _now.AddSeconds(amend.Delay) }, _now, Token)),
        Command.Delete delete => WithJob(delete.Job, id => store.Control.DeleteAsync(JobSelection.Of(id), Token)),
        Command.Reopen reopen => ReopenAsync(reopen.Crash),
        Command.Undo => UndoAsync(),
        Command.Change change => ChangeAsync(change),
        Command.Purge purge => PurgeAsync(new PurgeRequest(_now, BoundsOf(purge), purge.Max)),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Command is a closed set."),
    };

    private async Task SubmitAsync(Command.Submit submit)
    {
        var specs = Enumerable.Range(1, submit.Count).Select(number => Jobs.Spec(submit.Type, _now) with
        {
            Id = new Guid(++_lastId, 0, 0, new byte[8]),
            Priority = submit.Priority,
            RunAt = _now.AddSeconds(submit.Delay),
            ExpiresAt = submit.ExpiresIn == 0 ? null : _now.AddSeconds(submit.ExpiresIn),
            MaxAttempts = 2,
            // One job of a submission at most: what several with one key mean is a contract's matter.
            // A bit each for queue and fairness key; concurrency keys are there and rarely two limits of one.
            Queue = (submit.Keys & 1) == 0 ? JobSpec.DefaultQueue : "mail",
            FairnessKey = (submit.Keys & 6) switch { 2 => "a", 4 => "b", _ => null },
            ConcurrencyKey = (submit.Keys & 24) switch { 8 => "k", 16 => "m", _ => null },
            ConcurrencyLimit = submit.Keys == 31 ? 2 : 1,
            Unique = submit.Unique < 0 || number > 1 ? null : new UniqueKey("shared", (UniqueConflict)(submit.Unique % 2)),
        }).ToList();
        var key = submit.Key < 0 ? null : new IdempotencyKey($"key-{submit.Key}", new[] { (byte)submit.Fingerprint }, DateTimeOffset.MaxValue);
        var offer = submit.Offer == 0 ? null : ToRequest(new Command.Claim(submit.Offer, AllTypes: true, Budget: 0, Lease: 0));

        var outcome = Assert.Single(await store.Queue.InsertAsync(new InsertRequest([new Submission(specs, key)], _now, offer), Token));

        if (key is not null && _keys.TryGetValue(key.Value, out var used))
        {
            CheckRepeat(outcome, used.Fingerprint == submit.Fingerprint, [.. used.Jobs.Where(_before.Jobs.ContainsKey)]);
            return;
        }

        var holder = specs[0].Unique is null ? null : _before.Jobs.Values.SingleOrDefault(job => job.Spec.Unique is not null && !job.State.IsTerminal());

        if (holder is not null && specs[0].Unique!.OnConflict == UniqueConflict.Reject)
        {
            Assert.Equal([holder.Id], Assert.IsType<InsertOutcome.UniqueKeyHeld>(outcome).Holders.Select(job => job.Id));
            return;
        }

        var inserted = Assert.IsType<InsertOutcome.Inserted>(outcome);
        var stored = specs.Skip(holder is null ? 0 : 1).Select(spec => spec.Id).ToList();
        Assert.Equal(holder is null ? [] : [holder.Id], inserted.Existing.Select(job => job.Id));
        Assert.Equal(stored, inserted.Jobs.Select(job => job.Id));
        _known.AddRange(stored);
        CheckOffer(inserted.Jobs, offer);

        if (key is not null && stored.Count > 0)
        {
            _keys[key.Value] = (submit.Fingerprint, stored);
        }
    }

    private static void CheckRepeat(InsertOutcome outcome, bool isSameBody, IReadOnlyList<Guid> left)
    {
        if (!isSameBody)
        {
            Assert.IsType<InsertOutcome.KeyReused>(outcome);
        }
        else if (left.Count == 0)
        {
            Assert.IsType<InsertOutcome.Gone>(outcome);
        }
        else
        {
            Assert.Equal(left, Assert.IsType<InsertOutcome.Replayed>(outcome).Jobs.Select(job => job.Id));
        }
    }

    /// <summary>The jobs claimed at once are those that a claim right after the insert would have begun with.</summary>
    private void CheckOffer(IReadOnlyList<Job> inserted, ClaimRequest? offer)
    {
        var claimed = inserted.Where(job => job.State == JobState.Running).ToList();
        var asQueued = inserted.Select(job => job.State == JobState.Running ? job with { State = JobState.Queued } : job);
        var together = new Snapshot(_before.Jobs.Values.Concat(asQueued).ToDictionary(job => job.Id));
        var isNew = inserted.Select(job => job.Id).ToHashSet();

        asQueued.ToList().ForEach(_turns.Follow);
        Assert.Equal(
            offer is null ? [] : _turns.Expect(together.Jobs.Values, offer).Select(job => job.Id).TakeWhile(isNew.Contains), claimed.Select(job => job.Id));
        HandOut(claimed);
    }

    private async Task ClaimAsync(Command.Claim claim)
    {
        var request = ToRequest(claim);
        var claimed = await store.Queue.ClaimAsync(request, Token);

        Assert.Equal(_turns.Expect(_before.Jobs.Values, request).Select(job => job.Id), claimed.Select(job => job.Id));
        HandOut(claimed);
    }

    private void HandOut(IReadOnlyList<Job> claimed)
    {
        Assert.All(claimed, job => Assert.True(_handedOut.Add((job.Id, job.Attempt)), "An attempt was handed out twice."));
        _claims.AddRange(claimed);

        foreach (var job in claimed)
        {
            _turns.Follow(job);
            _turns.Serve(job);
        }
    }

    private async Task FinishAsync(Job claimed, int outcome)
    {
        var changed = await store.Queue.CompleteAsync([claimed.Ends(ToOutcome(outcome), _now)], Token);

        Assert.Equal(IsHeld(claimed) ? [claimed.Id] : [], changed.Select(job => job.Id));
        changed.ToList().ForEach(_turns.Follow);
    }

    private async Task RenewAsync(Job claimed)
    {
        var outcome = await store.Queue.RenewAsync(new RenewRequest([claimed.Lease], _now, _now.AddSeconds(30)), Token);

        Assert.Equal(IsHeld(claimed) ? [] : [claimed.Id], outcome.Lost);
    }

    private async Task ReportAsync(Job claimed)
    {
        var entry = new HistoryEntry(claimed.Lease, [new LogText(_now, "line")], new JobProgress(50, null, _now));

        Assert.Equal(IsHeld(claimed) ? 1 : 0, (await store.History.AppendAsync([entry], Token)).Count);
    }

    private async Task AdvanceAsync(int max)
    {
        var outcome = await store.Queue.AdvanceAsync(new AdvanceRequest(_now, max), Token);

        outcome.Changed.ToList().ForEach(_turns.Follow);
        Assert.True(outcome.Changed.Count <= max);
        Assert.Equal((await Snapshot.ReadAsync(store.Reader)).NextDue, outcome.NextDue);
        Assert.True(outcome.NextDue is null || outcome.NextDue > _now || outcome.Changed.Count == max, "Due work was left undone.");
    }

    /// <summary>Time moves in the same command, because the model loses what ran only when it looks at the clock.</summary>
    private async Task ReopenAsync(bool crash)
    {
        await store.ReopenAsync(_now, crash);
        _turns.Forget();
        await AdvanceAsync(max: 1_000);

        Assert.All((await Snapshot.ReadAsync(store.Reader)).Jobs.Values, job => Assert.NotEqual(JobState.Running, job.State));
    }

    /// <summary>Nothing changes but what is not stored: who has had a turn.</summary>
    private async Task UndoAsync()
    {
        await store.UndoAsync();
        _turns.Forget();
    }

    private async Task ChangeAsync(Command.Change command)
    {
        var queue = command.Queue == 0 ? JobSpec.DefaultQueue : "mail";
        var change = command.Setting switch
        {
            0 => new QueueChange { IsPaused = true },
            1 or 2 => new QueueChange { IsPaused = false },
            3 => new QueueChange { ConcurrencyLimit = 1 },
            _ => new QueueChange { IsUnlimited = true, IsPaused = false },
        };
        var now = await store.Queues.ChangeAsync(queue, change, Token);

        _turns.Set(queue, change);
        Assert.Equal(_turns.SettingsOf(queue), new QueueStanding(queue) { IsPaused = now.IsPaused, ConcurrencyLimit = now.ConcurrencyLimit });
    }

    private async Task PurgeAsync(PurgeRequest request) => Assert.Equal(_before.ExpectedPurge(request), await store.Control.PurgeAsync(request, Token));

    /// <summary>A narrow bound before a wide one.</summary>
    private static ByteBound[] BoundsOf(Command.Purge purge) => purge.Kind switch
    {
        0 => [new ByteBound(purge.MaxBytes)],
        1 => [new ByteBound(purge.MaxBytes, "square"), new ByteBound(2 * purge.MaxBytes)],
        2 => [new ByteBound(purge.MaxBytes, State: JobState.Canceled)],
        _ => [new ByteBound(purge.MaxBytes, "sleep", JobState.Failed), new ByteBound(purge.MaxBytes, State: JobState.Succeeded)],
    };

    private Task WithLease(int number, Func<Job, Task> act) => _claims.Count == 0 ? Task.CompletedTask : act(_claims[number % _claims.Count]);

    private async Task WithJob(int number, Func<Guid, ValueTask<IReadOnlyList<ControlOutcome>>> act)
    {
        if (_known.Count > 0)
        {
            var id = _known[number % _known.Count];
            var outcome = Assert.Single(await act(id));
            Assert.Equal(_before.Jobs.ContainsKey(id), outcome.Result != ControlResult.NotFound);

            if (outcome.Job is { } job)
            {
                _turns.Follow(job);
            }
        }
    }

    private bool IsHeld(Job claimed) =>
        _before.Jobs.TryGetValue(claimed.Id, out var job) && job.State == JobState.Running && job.Attempt == claimed.Attempt;

    private ClaimRequest ToRequest(Command.Claim claim) => new()
    {
        Max = claim.Max,
        Node = "model",
        Now = _now,
        LeaseExpiresAt = claim.Lease == 0 ? DateTimeOffset.MaxValue : _now.AddSeconds(claim.Lease),
        Types = claim.AllTypes ? AllTypes : OneType,
        IsForSuspect = claim.IsForSuspect,
        TypeBudgets = claim.Budget == 0 ? new Dictionary<string, int>() : new Dictionary<string, int> { ["square"] = claim.Budget - 1 },
    };

    private static JobOutcome ToOutcome(int number) => number switch
    {
        0 => Outcomes.Succeeded(),
        1 => Outcomes.Failed,
        2 => Outcomes.Retry(),
        3 => Outcomes.Canceled,
        4 => Outcomes.HandedBack,
        _ => Outcomes.Parked(TimeSpan.FromSeconds(2)),
    };

    private string Tell(Job job) =>
        $"{_known.IndexOf(job.Id)}={job.State}/{job.Attempt}/{job.Failures}/{job.Crashes}/v{job.Version}/{job.HistoryBytes}@{(job.RunAt - Jobs.Start).TotalSeconds}";
}
