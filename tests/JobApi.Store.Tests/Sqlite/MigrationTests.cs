using System.Text;
using System.Text.RegularExpressions;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite.Database;
using JobApi.Testing;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>A file that an earlier version wrote means the same after it was brought up to date.</summary>
public sealed partial class MigrationTests : IDisposable
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Suspects_of_a_file_that_knew_none_are_found_and_counted()
    {
        var spec = Jobs.Spec() with { Backoff = new Backoff(BackoffKind.Constant, TimeSpan.Zero, TimeSpan.Zero) };
        using (var store = _folder.Open())
        {
            await store.InsertAsync(new InsertRequest([new Submission([spec, Jobs.Spec("sleep")])], Jobs.Start), Token);
        }

        GivenVersion1(crashes: 2, spec.Id);

        using var migrated = _folder.Open();
        Assert.Equal(1, (await migrated.CountAsync(Token)).SuspectsByType["square"]);
        Assert.Equal("sleep", Assert.Single(await migrated.ClaimAsync(Claiming(), Token)).Type);
        Assert.Equal(spec.Id, Assert.Single(await migrated.ClaimAsync(Claiming() with { IsForSuspect = true }, Token)).Id);
        Assert.Equal(0, (await migrated.CountAsync(Token)).Suspects);
    }

    [Fact]
    public async Task A_success_that_an_earlier_version_recorded_is_told_once_and_with_its_result()
    {
        var file = Guid.CreateVersion7();
        var spec = Jobs.Spec();
        using (var store = _folder.Open())
        {
            await store.InsertAsync(new InsertRequest([new Submission([spec])], Jobs.Start, Claiming()), Token);
            await store.CompleteAsync([(await store.FindAsync(spec.Id, Token))!.Ends(Outcomes.Succeeded("\"new\"", file), Jobs.Start)], Token);
        }

        GivenSuccessOfVersion5();

        using var migrated = _folder.Open();
        var job = (await migrated.FindAsync(spec.Id, Token))!;
        Assert.Equal("\"old\"", Encoding.UTF8.GetString(job.Result!.Value.Span));
        Assert.Equal([file], job.ResultFiles);
        Assert.Equal("worker-old", Assert.Single((await migrated.AttemptsAsync(spec.Id, Token))!).Worker);
    }

    /// <summary>Its result and its attempt in rows of their own.</summary>
    private void GivenSuccessOfVersion5()
    {
        using var db = new Db(_folder.File);
        db.Execute("INSERT INTO result (seq, bytes, files) SELECT seq, CAST('\"old\"' AS BLOB), result_files FROM job");
        db.Execute("INSERT INTO attempt (seq, number, node, worker, started_at, ended_at, state) SELECT seq, attempt, node, 'worker-old', started_at, finished_at, state FROM job");
        db.Execute("ALTER TABLE job DROP COLUMN result");
        db.Execute("ALTER TABLE job DROP COLUMN result_files");
        db.Execute("PRAGMA user_version = 5");
    }

    /// <summary>Takes back what the later migrations did.</summary>
    private void GivenVersion1(int crashes, Guid id)
    {
        using var resource = new StreamReader(typeof(Schema).Assembly.GetManifestResourceStream("0001-jobs.sql")!);
        var index = ClaimIndex().Match(resource.ReadToEnd()).Value;
        using var db = new Db(_folder.File);
        db.Execute("DROP TABLE search_change");
        db.Execute("DROP TABLE identity");
        db.Execute("ALTER TABLE job DROP COLUMN result");
        db.Execute("ALTER TABLE job DROP COLUMN result_files");
        db.Execute("DROP INDEX job_claim");
        db.Execute("DROP INDEX job_suspect");
        db.Execute("DROP INDEX job_waiting");
        db.Execute("CREATE INDEX job_waiting ON job (run_at) WHERE state = 1");
        db.Execute("ALTER TABLE job DROP COLUMN lane");
        db.Execute("DROP TABLE queue");
        db.Execute("DROP INDEX job_unique");
        db.Execute("ALTER TABLE job DROP COLUMN unique_key");
        db.Execute(index);
        db.Execute("DELETE FROM counter WHERE kind >= 6");
        db["UPDATE job SET crashes = $crashes, attempt = $crashes WHERE id = $id"].With((long)crashes, id.ToByteArray(bigEndian: true)).Run();
        db.Execute("PRAGMA user_version = 1");
    }

    private static ClaimRequest Claiming() => new()
    {
        Max = 10,
        Node = "node",
        Now = Jobs.Start,
        LeaseExpiresAt = DateTimeOffset.MaxValue,
        Types = new HashSet<string> { "square", "sleep" },
    };

    [GeneratedRegex("CREATE INDEX job_claim .*")]
    private static partial Regex ClaimIndex();
}
