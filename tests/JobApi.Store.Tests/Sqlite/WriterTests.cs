using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite;
using JobApi.Sqlite.Database;
using JobApi.Testing;
using Microsoft.Data.Sqlite;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>What the writer promises its callers: nothing is answered before it is on the disk, and nobody suffers from a neighbour.</summary>
public sealed class WriterTests : IDisposable
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Submissions_that_wait_for_the_disk_share_the_next_commit()
    {
        using var gate = new Gate();
        using var store = _folder.Open(beforeCommit: gate.Pass);
        gate.Close();
        var commits = store.Commits;
        var first = InsertAsync(store, Jobs.Spec());
        await gate.Reached;
        var others = Enumerable.Range(0, 401).Select(_ => InsertAsync(store, Jobs.Spec())).ToList();

        gate.Open();
        await Task.WhenAll([first, .. others]);

        // 400 in the next, and the last one is not kept waiting for more.
        Assert.Equal(3, store.Commits - commits);
        Assert.Equal(402, (await store.CountAsync(Token)).Backlog);
    }

    [Fact]
    public async Task An_end_does_not_wait_behind_the_new_jobs_that_came_before_it()
    {
        using var underWay = new Gate();
        using var theOneAfterNext = new Gate();
        var commits = 0;
        using var store = _folder.Open(beforeCommit: () =>
        {
            commits++;
            underWay.Pass();

            if (commits > 2)
            {
                theOneAfterNext.Pass();
            }
        });
        var running = await ClaimedAsync(store);
        commits = 0;
        underWay.Close();
        theOneAfterNext.Close();
        var first = InsertAsync(store, Jobs.Spec());
        await underWay.Reached;
        var others = Enumerable.Range(0, 3).Select(_ => InsertManyAsync(store, 1_000)).ToList();
        var ended = store.CompleteAsync([running.Ends(Outcomes.Succeeded(), Jobs.Start)], Token).AsTask();

        underWay.Open();
        await ended;

        Assert.False(others[2].IsCompleted);
        theOneAfterNext.Open();
        await Task.WhenAll([first, .. others]);
    }

    [Fact]
    public async Task Hands_that_new_jobs_cannot_have_are_given_back_before_the_commit()
    {
        using var gate = new Gate();
        using var store = _folder.Open(beforeCommit: gate.Pass);
        await InsertAsync(store, Jobs.Spec());
        gate.Close();
        var givenBack = 0;
        var offer = new ClaimOffer(() => Hands(1), unused => givenBack += unused.Max);

        var inserted = store.InsertAsync(new InsertRequest([new Submission([Jobs.Spec()])], Jobs.Start, offer), Token).AsTask();
        await gate.Reached;

        Assert.Equal(1, givenBack);
        Assert.Null(offer.Taken);
        gate.Open();
        Assert.Equal(JobState.Queued, Assert.IsType<InsertOutcome.Inserted>((await inserted)[0]).Jobs[0].State);
    }

    [Fact]
    public async Task New_jobs_wait_for_hands_that_are_free_in_a_moment_and_are_stored_already_claimed()
    {
        using var store = _folder.Open();
        var (free, watcher) = (0, new TaskCompletionSource<Action>(TaskCreationOptions.RunContinuationsAsynchronously));
        var offer = new ClaimOffer(() => Hands(2), _ => { }, Outlook);

        var inserted = store.InsertAsync(new InsertRequest([new Submission([Jobs.Spec(), Jobs.Spec()])], Jobs.Start, offer), Token).AsTask();
        var lookAgain = await watcher.Task;

        // What concerns jobs that are here is done meanwhile.
        await store.CompleteAsync([], Token);
        Assert.False(inserted.IsCompleted);
        Volatile.Write(ref free, 2);
        lookAgain();

        Assert.Equal(JobState.Running, Assert.IsType<InsertOutcome.Inserted>((await inserted)[0]).Jobs[0].State);

        HandsOutlook Outlook(int wanted, Action changed)
        {
            watcher.TrySetResult(changed);
            return new HandsOutlook(Volatile.Read(ref free), Soon: wanted);
        }
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(2, true)]
    public async Task New_jobs_wait_until_few_that_wait_already_are_claimed_if_a_claim_found_as_many_as_it_had_hands(int hands, bool waits)
    {
        using var store = _folder.Open();
        var outlooks = 0;
        await InsertManyAsync(store, 2);
        await InsertAsync(store, Jobs.Spec("sleep"));
        Assert.Equal(2, (await store.ClaimAsync(Hands(hands), Token)).Count);
        var offer = new ClaimOffer(() => Hands(9), _ => { }, (_, _) =>
        {
            outlooks++;
            return new HandsOutlook(9, 9);
        });

        var inserted = store.InsertAsync(new InsertRequest([new Submission([Jobs.Spec(), Jobs.Spec()])], Jobs.Start, offer), Token).AsTask();

        if (waits)
        {
            // The writer looks at it once more with the next thing it does, and when a claim found less than it had hands for, there is nothing to wait for.
            await store.CompleteAsync([], Token);
            Assert.False(inserted.IsCompleted);
            await store.ClaimAsync(Hands(3), Token);
        }

        Assert.Equal(JobState.Running, Assert.IsType<InsertOutcome.Inserted>((await inserted.WaitAsync(Limit))[0]).Jobs[0].State);
        Assert.True(outlooks > 0);
    }

    [Theory]
    [InlineData(40, true)]
    [InlineData(41, false)]
    public async Task New_jobs_wait_behind_twenty_times_as_many_as_hands_are_ahead_and_behind_no_more(int before, bool waits)
    {
        using var store = _folder.Open();
        await InsertManyAsync(store, 2);
        await store.InsertAsync(new InsertRequest([new Submission([.. Enumerable.Range(0, before).Select(_ => Jobs.Spec("sleep"))])], Jobs.Start), Token);
        Assert.Equal(2, (await store.ClaimAsync(Hands(2), Token)).Count);
        var offer = new ClaimOffer(() => Hands(2), _ => { }, (_, _) => new HandsOutlook(2, 2));

        var inserted = store.InsertAsync(new InsertRequest([new Submission([Jobs.Spec(), Jobs.Spec()])], Jobs.Start, offer), Token).AsTask();

        if (waits)
        {
            await store.CompleteAsync([], Token);
            Assert.False(inserted.IsCompleted);
            await store.ClaimAsync(Hands(3), Token);
        }

        Assert.Equal(2, Assert.IsType<InsertOutcome.Inserted>((await inserted.WaitAsync(Limit))[0]).Jobs.Count);
    }

    [Theory]
    [InlineData(2, 2, 2)]
    [InlineData(0, 0, 2)]
    [InlineData(0, 2, 3)]
    [InlineData(0, 2, 1)]
    public async Task New_jobs_do_not_wait_when_hands_are_free_or_will_not_be(int free, int soon, int jobs)
    {
        using var store = _folder.Open();
        var offer = new ClaimOffer(() => Hands(1), _ => { }, (_, _) => new HandsOutlook(free, soon));

        var inserted = store.InsertAsync(new InsertRequest([new Submission([.. Enumerable.Range(0, jobs).Select(_ => Jobs.Spec())])], Jobs.Start, offer), Token).AsTask();

        Assert.Equal(JobState.Running, Assert.IsType<InsertOutcome.Inserted>((await inserted.WaitAsync(Limit))[0]).Jobs[0].State);
    }

    [Fact]
    public async Task New_jobs_do_not_wait_for_hands_behind_jobs_that_nobody_claims()
    {
        using var store = _folder.Open();
        await InsertAsync(store, Jobs.Spec("sleep"));
        var offer = new ClaimOffer(() => Hands(2), _ => { }, (_, _) => new HandsOutlook(0, 9));

        var inserted = store.InsertAsync(new InsertRequest([new Submission([Jobs.Spec(), Jobs.Spec()])], Jobs.Start, offer), Token).AsTask();

        Assert.Equal(2, Assert.IsType<InsertOutcome.Inserted>((await inserted.WaitAsync(Limit))[0]).Jobs.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Jobs_in_paused_queues_keep_no_others_from_waiting_for_hands(bool isNewStart)
    {
        var store = _folder.Open();
        await store.ChangeAsync("paused", new QueueChange { IsPaused = true }, Token);
        await InsertAsync(store, Jobs.Spec() with { Queue = "paused" });
        await InsertAsync(store, Jobs.Spec() with { Queue = "paused" });
        await InsertAsync(store, Jobs.Spec() with { Queue = "paused" });

        if (isNewStart)
        {
            store.Dispose();
            store = _folder.Open();
        }

        using var open = store;

        // Elsewhere: what the test does next must not run within the writer's question.
        var watcher = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var offer = new ClaimOffer(() => Hands(2), _ => { }, (wanted, _) =>
        {
            watcher.TrySetResult();
            return new HandsOutlook(0, wanted);
        });

        var inserted = store.InsertAsync(new InsertRequest([new Submission([Jobs.Spec(), Jobs.Spec()])], Jobs.Start, offer), Token).AsTask();
        await watcher.Task.WaitAsync(Limit);
        await store.CompleteAsync([], Token);
        Assert.False(inserted.IsCompleted);

        // Now they are in the way: more wait than there will be hands.
        await store.ChangeAsync("paused", new QueueChange { IsPaused = false }, Token);
        await store.CompleteAsync([], Token);
        Assert.Equal(2, Assert.IsType<InsertOutcome.Inserted>((await inserted.WaitAsync(Limit))[0]).Jobs.Count);
    }

    [Fact]
    public async Task New_jobs_for_which_there_is_no_room_hear_so_at_once()
    {
        using var store = _folder.Open(new StoreOptions { MaxBacklog = 1 });
        var offer = new ClaimOffer(() => Hands(2), _ => { }, (_, _) => new HandsOutlook(0, 2));

        var inserted = store.InsertAsync(new InsertRequest([new Submission([Jobs.Spec(), Jobs.Spec()])], Jobs.Start, offer), Token).AsTask();

        Assert.IsType<InsertOutcome.Full>((await inserted.WaitAsync(Limit))[0]);
    }

    [Theory]
    [InlineData("later")]
    [InlineData("expires")]
    [InlineData("unique")]
    [InlineData("paused")]
    [InlineData("limited key")]
    [InlineData("another queue")]
    public async Task New_jobs_do_not_wait_for_hands_that_not_all_of_them_could_have(string why)
    {
        using var store = _folder.Open();
        await store.ChangeAsync("paused", new QueueChange { IsPaused = true }, Token);
        var first = why == "paused" ? Jobs.Spec() with { Queue = "paused" } : Jobs.Spec();
        var second = why switch
        {
            "later" => first with { RunAt = Jobs.Start.AddHours(1) },
            "expires" => first with { ExpiresAt = Jobs.Start.AddHours(1) },
            "unique" => first with { Unique = new UniqueKey("order", UniqueConflict.Return) },
            "limited key" => first with { ConcurrencyKey = "customer" },
            "another queue" => first with { Queue = "another" },
            _ => first,
        };
        var offer = new ClaimOffer(() => Hands(2), _ => { }, (_, _) => new HandsOutlook(0, 2));

        var inserted = store.InsertAsync(new InsertRequest([new Submission([first, second with { Id = Guid.CreateVersion7() }])], Jobs.Start, offer), Token).AsTask();

        Assert.Equal(2, Assert.IsType<InsertOutcome.Inserted>((await inserted.WaitAsync(Limit))[0]).Jobs.Count);
    }

    [Fact]
    public async Task A_caller_hears_nothing_before_the_commit_has_returned()
    {
        using var gate = new Gate();
        using var store = _folder.Open(beforeCommit: gate.Pass);
        gate.Close();
        var spec = Jobs.Spec();
        var submitted = InsertAsync(store, spec);
        await gate.Reached;

        Assert.False(submitted.IsCompleted);
        Assert.Null(await store.FindAsync(spec.Id, Token));
        Assert.Equal(0, (await store.CountAsync(Token)).Backlog);

        gate.Open();
        Assert.IsType<InsertOutcome.Inserted>(await submitted);
        Assert.NotNull(await store.FindAsync(spec.Id, Token));
    }

    [Fact]
    public async Task A_change_that_cannot_be_made_does_not_fail_those_it_shares_a_transaction_with()
    {
        using var gate = new Gate();
        using var store = _folder.Open(beforeCommit: gate.Pass);
        gate.Close();
        var spec = Jobs.Spec();
        var first = InsertAsync(store, spec);
        await gate.Reached;
        var (before, twice, after) = (InsertAsync(store, Jobs.Spec()), InsertAsync(store, spec), InsertAsync(store, Jobs.Spec()));

        gate.Open();

        await Assert.ThrowsAsync<SqliteException>(() => twice);
        Assert.All(await Task.WhenAll(first, before, after), outcome => Assert.IsType<InsertOutcome.Inserted>(outcome));
        Assert.Equal(3, (await store.CountAsync(Token))[JobState.Queued]);
    }

    [Fact]
    public async Task A_caller_who_goes_away_does_not_undo_what_waits_for_the_disk()
    {
        using var gate = new Gate();
        using var gone = new CancellationTokenSource();
        using var store = _folder.Open(beforeCommit: gate.Pass);
        gate.Close();
        var first = InsertAsync(store, Jobs.Spec());
        await gate.Reached;
        var second = InsertAsync(store, Jobs.Spec(), gone.Token);
        await gone.CancelAsync();

        gate.Open();

        Assert.IsType<InsertOutcome.Inserted>(await second);
        await first;
    }

    [Fact]
    public async Task A_commit_that_fails_leaves_its_outcome_open_and_ends_the_writing()
    {
        SqliteException? error = null;
        var store = _folder.Open(beforeCommit: () => ThrowIfAny(Volatile.Read(ref error)));
        var kept = Jobs.Spec();
        await InsertAsync(store, kept);
        Volatile.Write(ref error, new SqliteException("disk I/O error", 10));
        var lost = Jobs.Spec();

        await Assert.ThrowsAsync<SqliteStoreException>(() => InsertAsync(store, lost));

        Assert.Equal(10, Assert.IsType<SqliteException>(await store.Failed).SqliteErrorCode);
        Volatile.Write(ref error, null);
        await Assert.ThrowsAsync<SqliteStoreException>(() => InsertAsync(store, Jobs.Spec()));
        Assert.NotNull(await store.FindAsync(kept.Id, Token));
        store.Dispose();

        using var next = _folder.Open();
        Assert.Equal(1, (await next.CountAsync(Token)).Backlog);
        Assert.Null(await next.FindAsync(lost.Id, Token));
    }

    [Fact]
    public async Task A_job_that_is_said_to_wait_and_runs_is_not_started_again()
    {
        using var store = _folder.Open();
        var running = await ClaimedAsync(store);
        await InsertManyAsync(store, 3);
        Change($"INSERT INTO waiting SELECT 1, {SideTables.Lane}, 0, priority, run_at, seq, queue, NULL FROM job WHERE state = 2");

        // The first of the others is remembered, the next is looked for.
        Assert.Single(await store.ClaimAsync(Hands(1), Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.ClaimAsync(Hands(1), Token).AsTask());

        Assert.Equal(running, (await store.FindAsync(running.Id, Token))! with { Spec = running.Spec });
    }

    [Fact]
    public async Task A_job_that_waits_and_is_not_said_to_is_left_as_it_is()
    {
        using var store = _folder.Open();
        var spec = Jobs.Spec();
        await InsertAsync(store, spec);
        Change("DELETE FROM waiting");

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => store.CancelAsync(JobSelection.Of(spec.Id), Jobs.Asked(), Jobs.Start, Token).AsTask());

        Assert.Equal(JobState.Queued, (await store.FindAsync(spec.Id, Token))!.State);
    }

    [Fact]
    public async Task What_waits_when_the_store_closes_is_written()
    {
        var store = _folder.Open();
        var submissions = Enumerable.Range(0, 100).Select(_ => InsertAsync(store, Jobs.Spec())).ToList();

        store.Dispose();

        await Task.WhenAll(submissions);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => InsertAsync(store, Jobs.Spec()));
        using var next = _folder.Open();
        Assert.Equal(100, (await next.CountAsync(Token)).Backlog);
    }

    [Fact]
    public async Task A_job_that_was_undone_with_its_claim_does_not_run()
    {
        using var store = _folder.Open();
        var spec = Jobs.Spec();
        var offer = Hands(2);
        var claimed = JobLifecycle.Claim(Job.Submitted(spec, Jobs.Start), offer.Node, offer.Now, offer.LeaseExpiresAt);

        // The second submission of the same id fails the call, and with it the first, which was stored as running.
        await Assert.ThrowsAsync<SqliteException>(
            () => store.InsertAsync(new InsertRequest([new Submission([spec]), new Submission([spec])], Jobs.Start, offer), Token).AsTask());

        Assert.Empty(await store.CompleteAsync([claimed.Ends(Outcomes.Succeeded(), Jobs.Start)], Token));
        Assert.Equal(0, (await store.CountAsync(Token))[JobState.Running]);
    }

    private void Change(string sql)
    {
        using var db = new Db(_folder.File);
        db[sql].Run();
    }

    private static async Task<InsertOutcome> InsertAsync(SqliteJobStore store, JobSpec spec, CancellationToken cancellationToken = default) =>
        (await store.InsertAsync(new InsertRequest([new Submission([spec])], spec.CreatedAt), cancellationToken))[0];

    private static async Task<Job> ClaimedAsync(SqliteJobStore store)
    {
        var outcomes = await store.InsertAsync(new InsertRequest([new Submission([Jobs.Spec()])], Jobs.Start, Hands(1)), Token);
        return ((InsertOutcome.Inserted)outcomes[0]).Jobs[0];
    }

    private static Task<IReadOnlyList<InsertOutcome>> InsertManyAsync(SqliteJobStore store, int count) =>
        store.InsertAsync(new InsertRequest([new Submission([.. Enumerable.Range(0, count).Select(_ => Jobs.Spec())])], Jobs.Start), Token).AsTask();

    private static ClaimRequest Hands(int count) => new()
    {
        Max = count,
        Node = "node-1",
        Now = Jobs.Start,
        LeaseExpiresAt = DateTimeOffset.MaxValue,
        Types = new HashSet<string> { "square" },
    };

    private static void ThrowIfAny(Exception? exception)
    {
        if (exception is not null)
        {
            throw exception;
        }
    }
}
