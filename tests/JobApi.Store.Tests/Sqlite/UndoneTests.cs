using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite;
using JobApi.Testing;
using Microsoft.Data.Sqlite;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>A change that cannot be made voids what is kept in memory of the order of claims; what shares its transaction, or comes after it, is counted once.</summary>
public sealed class UndoneTests : IDisposable
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly SqliteFolder _folder = new();
    private readonly Gate _gate = new();
    private readonly SqliteJobStore _store;

    public UndoneTests() => _store = _folder.Open(beforeCommit: _gate.Pass);

    public void Dispose()
    {
        _store.Dispose();
        _gate.Dispose();
        SideTables.AssertAgree(_folder.File);
        _folder.Dispose();
    }

    [Fact]
    public async Task A_limit_of_one_still_lets_one_job_run_after_an_end_beside_an_undone_change()
    {
        await InsertAsync(Limited(), Limited(), Limited());
        var running = Assert.Single(await ClaimAsync());

        await BesideAnUndoneChangeAsync(() => _store.CompleteAsync([running.Ends(Outcomes.Succeeded(), Jobs.Start)], Token).AsTask());

        Assert.Single(await ClaimAsync());
        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task The_last_job_of_a_lane_is_claimed_after_a_cancellation_beside_an_undone_change()
    {
        var (first, last) = (Jobs.Spec(), Jobs.Spec());
        await InsertAsync(first, last);

        await BesideAnUndoneChangeAsync(() => _store.CancelAsync(JobSelection.Of(first.Id), Jobs.Asked(), Jobs.Start, Token).AsTask());

        Assert.Equal([last.Id], (await ClaimAsync()).Select(job => job.Id));
    }

    [Fact]
    public async Task A_queue_says_how_many_of_its_jobs_run_after_an_end_beside_an_undone_change()
    {
        await InsertAsync(Limited(), Limited());
        var running = Assert.Single(await ClaimAsync());

        await BesideAnUndoneChangeAsync(() => _store.CompleteAsync([running.Ends(Outcomes.Retry(TimeSpan.FromHours(1)), Jobs.Start)], Token).AsTask());

        var queue = Assert.Single(await _store.ListAsync(new QueueQuery(10), Token));
        Assert.Equal((1, 1, 0), (queue.Queued, queue.Scheduled, queue.Running));
    }

    [Fact]
    public async Task All_that_run_are_known_again_after_an_undone_change()
    {
        await InsertAsync(Jobs.Spec(), Jobs.Spec(), Jobs.Spec());
        var running = await ClaimAsync();

        await BesideAnUndoneChangeAsync(() => _store.CompleteAsync([running[1].Ends(Outcomes.Retry(TimeSpan.FromHours(1)), Jobs.Start)], Token).AsTask());

        var queue = Assert.Single(await _store.ListAsync(new QueueQuery(10), Token));
        Assert.Equal((0, 1, 2), (queue.Queued, queue.Scheduled, queue.Running));
    }

    [Fact]
    public async Task A_key_that_is_taken_stays_so_after_an_undone_change()
    {
        await InsertAsync(Limited(), Limited());
        Assert.Single(await ClaimAsync());

        await BesideAnUndoneChangeAsync(() => Task.CompletedTask);

        Assert.Empty(await ClaimAsync());
    }

    private async Task BesideAnUndoneChangeAsync(Func<Task> change)
    {
        _gate.Close();
        var first = InsertAsync(Jobs.Spec("sleep"));
        await _gate.Reached;
        var twice = Jobs.Spec("sleep");
        var (undone, beside) = (InsertAsync(twice, twice), change());

        _gate.Open();

        await Assert.ThrowsAsync<SqliteException>(() => undone);
        await Task.WhenAll(first, beside);
        await _store.CancelAsync(JobSelection.Of((await first)[0].Id), Jobs.Asked(), Jobs.Start, Token);
    }

    private static JobSpec Limited() => Jobs.Spec() with { ConcurrencyKey = "k", ConcurrencyLimit = 1 };

    private async Task<IReadOnlyList<Job>> InsertAsync(params JobSpec[] specs) => Assert.IsType<InsertOutcome.Inserted>(
        Assert.Single(await _store.InsertAsync(new InsertRequest([new Submission(specs)], Jobs.Start), Token))).Jobs;

    private async Task<IReadOnlyList<Job>> ClaimAsync() => await _store.ClaimAsync(
        new ClaimRequest { Max = 5, Node = "node-1", Now = Jobs.Start, LeaseExpiresAt = DateTimeOffset.MaxValue, Types = new HashSet<string> { "square" } }, Token);
}
