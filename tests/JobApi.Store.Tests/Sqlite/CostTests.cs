using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite;
using JobApi.Sqlite.Database;
using JobApi.Testing;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>What a job costs, counted in what SQLite is asked to do for it. No clock: these figures are the same on every machine.</summary>
public sealed class CostTests : IDisposable
{
    private const int Count = 100;

    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_job_that_finds_an_idle_worker_costs_two_statements_from_submission_to_result()
    {
        using var store = _folder.Open();
        var before = store.Runs;

        var jobs = await InsertAsync(store, Claim());
        await store.CompleteAsync([.. jobs.Select(job => job.Ends(Outcomes.Succeeded(), Jobs.Start))], Token);

        Assert.Equal(["INSERT INTO job", "UPDATE job"], Repeated(store, before));
    }

    [Fact]
    public async Task A_job_that_waits_is_not_read_again_to_be_claimed()
    {
        using var store = _folder.Open();
        await InsertAsync(store, offer: null);
        var before = store.Runs;

        Assert.Equal(Count, (await store.ClaimAsync(Claim(), Token)).Count);

        Assert.Equal(["DELETE FROM waiting", "UPDATE job"], Repeated(store, before));
    }

    [Fact]
    public async Task A_job_that_is_changed_while_it_waits_is_claimed_as_it_then_stands()
    {
        using var store = _folder.Open();
        var jobs = await InsertAsync(store, offer: null);
        await store.AmendAsync(JobSelection.Of(jobs[50].Id), new JobAmendment { Priority = 7 }, Jobs.Start, Token);
        await store.CancelAsync(JobSelection.Of(jobs[51].Id), Jobs.Asked(), Jobs.Start, Token);

        var claimed = await store.ClaimAsync(Claim(), Token);

        Assert.Equal((jobs[50].Id, 7), (claimed[0].Id, claimed[0].Spec.Priority));
        Assert.Equal(Count - 1, claimed.Count);
        Assert.Equal(claimed[0], (await store.FindAsync(jobs[50].Id, Token))! with { Spec = claimed[0].Spec });
    }

    [Fact]
    public async Task Jobs_in_line_for_fewer_hands_are_stored_already_claimed_as_far_as_the_hands_go()
    {
        using var store = _folder.Open();
        var before = store.Runs;

        var jobs = await InsertAsync(store, Claim() with { Max = Count / 2 });

        Assert.Equal(Enumerable.Range(0, Count).Select(place => place < Count / 2 ? JobState.Running : JobState.Queued), jobs.Select(job => job.State));
        Assert.DoesNotContain(store.Runs, text => text.Key.StartsWith("UPDATE job", StringComparison.Ordinal) && text.Value > before.GetValueOrDefault(text.Key));
    }

    [Fact]
    public async Task A_job_that_goes_costs_one_statement_when_it_has_nothing_but_itself()
    {
        using var store = _folder.Open();
        var jobs = await InsertAsync(store, Claim());
        await store.CompleteAsync([.. jobs.Select(job => job.Ends(Outcomes.Succeeded(), Jobs.Start))], Token);
        var before = store.Runs;

        Assert.Equal(Count, (await store.PurgeAsync(new PurgeRequest(Jobs.Start.AddDays(1), [], Count), Token)).Count);

        Assert.Equal(["DELETE FROM job"], Repeated(store, before));
    }

    [Theory]
    [InlineData(24)]
    [InlineData(200)]
    public async Task The_ends_of_jobs_that_started_at_once_find_room_in_their_pages(int result)
    {
        using var store = _folder.Open();

        // From its latest one the store knows how large an end of this type is.
        await EndAsync(store, (await InsertAsync(store, Claim()))[..1], result);
        var jobs = new List<Job>();

        for (var round = 0; round < 10; round++)
        {
            jobs.AddRange(await InsertAsync(store, Claim()));
        }

        var before = Pages();
        await EndAsync(store, jobs, result);

        // All that grows is the index of what has ended, by some 27 bytes for each.
        Assert.InRange(Pages() - before, 1, 16);
    }

    private static async Task EndAsync(SqliteJobStore store, IEnumerable<Job> jobs, int result) =>
        await store.CompleteAsync([.. jobs.Select(job => job.Ends(Outcomes.Succeeded($"\"{new string('r', result - 2)}\""), Jobs.Start))], Token);

    private long Pages()
    {
        using var db = new Db(_folder.File);

        return db.Get("page_count");
    }

    /// <summary>The beginnings of the texts that ran once for each job, in the order of the alphabet.</summary>
    private static IEnumerable<string> Repeated(SqliteJobStore store, IReadOnlyDictionary<string, int> before) => store.Runs
        .Where(text => text.Value - before.GetValueOrDefault(text.Key) >= Count)
        .Select(text => string.Join(' ', text.Key.Split(' ', '\n').Take(text.Key.StartsWith("UPDATE", StringComparison.Ordinal) ? 2 : 3)))
        .Order(StringComparer.Ordinal);

    private static async Task<Job[]> InsertAsync(SqliteJobStore store, ClaimRequest? offer)
    {
        var outcomes = await store.InsertAsync(
            new InsertRequest([.. Enumerable.Range(0, Count).Select(_ => new Submission([Jobs.Spec()]))], Jobs.Start, offer), Token);

        return [.. outcomes.Cast<InsertOutcome.Inserted>().Select(inserted => inserted.Jobs[0])];
    }

    private static ClaimRequest Claim() => new()
    {
        Max = Count,
        Node = "node-1",
        Now = Jobs.Start,
        LeaseExpiresAt = DateTimeOffset.MaxValue,
        Types = new HashSet<string> { "square" },
    };
}
