using System.Text;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite;
using JobApi.Sqlite.Database;
using JobApi.Testing;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>What stays in the file when jobs go, and when they go.</summary>
public sealed class RemovalTests : IDisposable
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private static readonly string[] Tables = ["job", "body", "result", "attempt", "log", "file_use", "waiting", "unique_key", "own_retention"];

    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Nothing_of_a_job_stays_whichever_of_those_that_go_with_it_has_something(int which)
    {
        using (var store = _folder.Open())
        {
            var specs = Enumerable.Range(0, 3).Select(place => place == which ? RichSpec() : Jobs.Spec()).ToList();
            await store.InsertAsync(new InsertRequest([new Submission(specs)], Jobs.Start), Token);

            await EndAsync(store, which, Outcomes.Retry());
            await store.AdvanceAsync(new AdvanceRequest(Jobs.Start.AddHours(1), 10), Token);
            await EndAsync(store, which, Outcomes.Succeeded($"\"{new string('x', 5_000)}\"", Guid.CreateVersion7()));

            Assert.Equal([3L, 1, 1, 1, 1, 2, 0, 0, 1], Rows());
            Assert.Equal(3, (await store.PurgeAsync(new PurgeRequest(Jobs.Start.AddDays(9), [], 10), Token)).Count);

            var left = await store.CountAsync(Token);
            Assert.All(left.ByState.Values, count => Assert.Equal(0, count));
            Assert.Equal(0, left.Bytes);
        }

        Assert.Equal([0L, 0, 0, 0, 0, 0, 0, 0, 0], Rows());
    }

    [Fact]
    public async Task A_shorter_rule_frees_the_disk_of_jobs_that_ended_before_it()
    {
        using (var store = _folder.Open())
        {
            await store.InsertAsync(new InsertRequest([new Submission([Jobs.Spec(), Jobs.Spec() with { Retention = TimeSpan.FromHours(5) }])], Jobs.Start), Token);
            await EndAsync(store, which: -1, Outcomes.Succeeded());
        }

        var rule = RetentionPolicy.Default with { Succeeded = TimeSpan.FromHours(1) };
        using var again = _folder.Open(new StoreOptions { Retention = rule });

        Assert.Empty(await again.PurgeAsync(new PurgeRequest(Jobs.Start.AddMinutes(59), [], 10), Token));
        Assert.Single(await again.PurgeAsync(new PurgeRequest(Jobs.Start.AddHours(1), [], 10), Token));

        // Its own wish is no rule.
        Assert.Empty(await again.PurgeAsync(new PurgeRequest(Jobs.Start.AddHours(4), [], 10), Token));
        Assert.Single(await again.PurgeAsync(new PurgeRequest(Jobs.Start.AddHours(5), [], 10), Token));
    }

    /// <summary>Claims all that waits. The one in question writes a line and ends so, the others succeed.</summary>
    private static async Task EndAsync(SqliteJobStore store, int which, JobOutcome outcome)
    {
        var claimed = await store.ClaimAsync(
            new ClaimRequest { Max = 3, Node = "node-1", Now = Jobs.Start.AddHours(1), LeaseExpiresAt = DateTimeOffset.MaxValue, Types = new HashSet<string> { "square" } }, Token);

        foreach (var job in claimed)
        {
            var isMeant = claimed.Count == 1 || job.Sequence == which + 1;

            if (isMeant && which >= 0 && job.Attempt == 1)
            {
                await store.AppendAsync([new HistoryEntry(job.Lease, [new LogText(Jobs.Start, "line")], null)], Token);
            }

            await store.CompleteAsync([job.Ends(isMeant ? outcome : Outcomes.Succeeded(), Jobs.Start)], Token);
        }
    }

    /// <summary>A job with something in every place.</summary>
    private static JobSpec RichSpec() => Jobs.Spec() with
    {
        Payload = Encoding.UTF8.GetBytes($"\"{new string('x', 5_000)}\""),
        Files = [Guid.CreateVersion7()],
        Retention = TimeSpan.FromDays(2),
        Unique = new UniqueKey("key", UniqueConflict.Reject),
    };

    private List<long> Rows()
    {
        using var db = new Db(_folder.File);
        return [.. Tables.Select(table => db[$"SELECT count(*) FROM {table}"].Number()!.Value)];
    }
}
