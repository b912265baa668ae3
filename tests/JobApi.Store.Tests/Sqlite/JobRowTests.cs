using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite;
using JobApi.Sqlite.Database;
using JobApi.Sqlite.Tables;
using JobApi.Testing;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>What stands in a job's row, and what does not because it need not.</summary>
public sealed class JobRowTests : IDisposable
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly SqliteFolder _folder = new();
    private readonly SqliteJobStore _store;

    public JobRowTests() => _store = _folder.Open();

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_follows_from_the_rest_or_is_usual_is_not_written_down()
    {
        var plain = await InsertAsync(Jobs.Spec());
        var keyed = await InsertAsync(Jobs.Spec() with { FairnessKey = "f" });

        Assert.Equal((string.Empty, string.Empty, 0), Row(plain));
        Assert.Equal(("6.7.1.-1.0:squaredefaultf", """{"fairnessKey":"f"}""", 0), Row(keyed));
    }

    [Fact]
    public async Task A_job_that_starts_at_once_has_room_until_it_ends()
    {
        var job = await InsertAsync(Jobs.Spec(), new ClaimRequest
        {
            Max = 1,
            Node = "node-1",
            Now = Jobs.Start,
            LeaseExpiresAt = DateTimeOffset.MaxValue,
            Types = new HashSet<string> { "square" },
        });

        Assert.Equal((string.Empty, string.Empty, 40), Row(job));
        await _store.CompleteAsync([job.Ends(Outcomes.Succeeded(), Jobs.Start)], Token);
        Assert.Equal((string.Empty, string.Empty, 0), Row(job));
    }

    /// <summary>Rows without details mean this for good, so it is no setting. Should the engine's default become another one, every row has details again: then a new column is due.</summary>
    [Fact]
    public void The_back_off_that_is_left_out_is_the_one_that_most_jobs_ask_for()
    {
        Assert.Equal(new Backoff(BackoffKind.Exponential, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(10)), JobDetails.UsualBackoff);
        Assert.Equal(Backoff.Default, JobDetails.UsualBackoff);
    }

    private (string Lane, string Details, int Room) Row(Job job)
    {
        using var db = new Db(_folder.File);
        using var rows = db["SELECT coalesce(lane, ''), coalesce(CAST(details AS TEXT), ''), coalesce(length(room), 0) FROM job WHERE seq = $seq"].With(job.Sequence).Read();
        Assert.True(rows.Next());

        return (rows.Text(), rows.Text(), rows.Int());
    }

    private async Task<Job> InsertAsync(JobSpec spec, ClaimRequest? offer = null) =>
        Assert.IsType<InsertOutcome.Inserted>((await _store.InsertAsync(new InsertRequest([new Submission([spec])], Jobs.Start, offer), Token))[0]).Jobs[0];
}
