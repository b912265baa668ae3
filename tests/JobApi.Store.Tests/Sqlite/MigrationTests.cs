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

    public void Dispose()
    {
        SideTables.AssertAgree(_folder.File);
        _folder.Dispose();
    }

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
        GivenVersion6();
        using var db = new Db(_folder.File);
        db.Execute("INSERT INTO result (seq, bytes, files) SELECT seq, CAST('\"old\"' AS BLOB), result_files FROM job");
        db.Execute("INSERT INTO attempt (seq, number, node, worker, started_at, ended_at, state) SELECT seq, attempt, node, 'worker-old', started_at, finished_at, state FROM job");
        db.Execute("ALTER TABLE job DROP COLUMN result");
        db.Execute("ALTER TABLE job DROP COLUMN result_files");
        db.Execute("PRAGMA user_version = 5");
    }

    [Fact]
    public async Task What_jobs_are_charged_is_worked_out_once_for_a_file_that_counted_payloads_and_results()
    {
        var tagged = Jobs.Spec() with { Tags = new Dictionary<string, string> { ["team"] = "\u00e9\U0001F600" } };
        using (var store = _folder.Open())
        {
            await store.InsertAsync(new InsertRequest([new Submission([tagged, Jobs.Spec("sleep"), Jobs.Spec("sleep")])], Jobs.Start), Token);
            var claimed = await store.ClaimAsync(Claiming() with { Max = 2 }, Token);
            await store.AppendAsync([new HistoryEntry(claimed[0].Lease, [new LogText(Jobs.Start, "\u00e9n"), new LogText(Jobs.Start, "")], null)], Token);
            await store.CompleteAsync([claimed[0].Ends(Outcomes.Failed, Jobs.Start), claimed[1].Ends(Outcomes.Succeeded("12345"), Jobs.Start)], Token);
        }

        GivenVersion6();

        using var migrated = _folder.Open();
        var jobs = (await migrated.ListAsync(new JobQuery(new JobFilter(), 10), Token)).Items;
        Assert.True(jobs.Single(job => job.State == JobState.Failed).HistoryBytes > (2 * JobSize.LineOverhead) + JobSize.AttemptOverhead);
        Assert.Equal(jobs.Sum(JobSize.Of), (await migrated.CountAsync(Token)).Bytes);

        // The sums by type and end are right as well: a bound just kept takes nothing, one byte less takes the job.
        foreach (var job in jobs.Where(job => job.State.IsTerminal()))
        {
            var bound = new ByteBound(JobSize.Of(job), job.Type, job.State);
            Assert.Empty(await migrated.PurgeAsync(new PurgeRequest(Jobs.Start, [bound], 10), Token));
            Assert.Equal([job.Id], await migrated.PurgeAsync(new PurgeRequest(Jobs.Start, [bound with { MaxBytes = bound.MaxBytes - 1 }], 10), Token));
        }

        Assert.Equal(JobSize.Overhead + 12, (await migrated.CountAsync(Token)).Bytes);
    }

    [Fact]
    public async Task Jobs_that_expired_before_it_was_recorded_who_cancels_were_canceled_by_that()
    {
        var expired = Jobs.Spec() with { ExpiresAt = Jobs.Start.AddSeconds(1) };
        var canceled = Jobs.Spec();
        using (var store = _folder.Open())
        {
            await store.InsertAsync(new InsertRequest([new Submission([expired, canceled])], Jobs.Start), Token);
            await store.CancelAsync(JobSelection.Of(canceled.Id), Jobs.Asked(JobLifecycle.Expired), Jobs.Start, Token);
            await store.AdvanceAsync(new AdvanceRequest(Jobs.Start.AddSeconds(2), 10), Token);
        }

        GivenVersion8();

        using var migrated = _folder.Open();
        Assert.Equal((Canceler.Expiry, Jobs.Start.AddSeconds(2)), await CancelerAsync(expired));
        Assert.Equal((null, Jobs.Start), await CancelerAsync(canceled));

        async Task<(Canceler? By, DateTimeOffset? At)> CancelerAsync(JobSpec spec)
        {
            var job = (await migrated.FindAsync(spec.Id, Token))!;
            return (job.CanceledBy, job.CancelRequestedAt);
        }
    }

    [Fact]
    public async Task Jobs_that_ended_and_ids_that_were_deleted_before_are_kept_as_they_were()
    {
        var (old, deleted) = (Jobs.Spec(), Jobs.Spec());
        using (var store = _folder.Open())
        {
            await store.InsertAsync(new InsertRequest([new Submission([old, deleted])], Jobs.Start), Token);
            await store.CancelAsync(JobSelection.Of(old.Id, deleted.Id), Jobs.Asked(), Jobs.Start, Token);
            await store.DeleteAsync(JobSelection.Of(deleted.Id), Token);
        }

        GivenVersion9(purgeAt: Jobs.Start.AddDays(3));

        using var migrated = _folder.Open();
        Assert.True(await migrated.IsGoneAsync(deleted.Id, Token));
        Assert.False(await migrated.IsGoneAsync(Jobs.Spec().Id, Token));

        // A day is the rule for those that end today, three were promised to this one.
        Assert.Empty(await migrated.PurgeAsync(new PurgeRequest(Jobs.Start.AddDays(2), [], 10), Token));
        Assert.Equal([old.Id], await migrated.PurgeAsync(new PurgeRequest(Jobs.Start.AddDays(3), [], 10), Token));
    }

    [Fact]
    public async Task What_only_some_jobs_have_is_found_again_beside_them()
    {
        var held = new UniqueKey("held", UniqueConflict.Reject);
        var (first, second) = (Jobs.Spec(), Jobs.Spec());
        var (urgent, later, expiring) = (Jobs.Spec() with { Priority = 5, Unique = held }, Jobs.Spec() with { RunAt = Jobs.Start.AddHours(1) }, Jobs.Spec() with { ExpiresAt = Jobs.Start.AddMinutes(1) });
        var (kept, freed) = (Jobs.Spec() with { Retention = TimeSpan.FromDays(3) }, Jobs.Spec() with { Unique = new UniqueKey("freed", UniqueConflict.Reject) });
        var key = new IdempotencyKey("key", new byte[] { 1 }, Jobs.Start.AddDays(1));
        using (var store = _folder.Open())
        {
            await store.InsertAsync(new InsertRequest([new Submission([kept, freed])], Jobs.Start), Token);
            await store.CancelAsync(JobSelection.Of(kept.Id, freed.Id), Jobs.Asked(), Jobs.Start, Token);
            await store.InsertAsync(new InsertRequest([new Submission([first, second], key), new Submission([urgent]), new Submission([later, expiring])], Jobs.Start), Token);
        }

        GivenVersion10();
        using (var large = new Db(_folder.File))
        {
            // What is looked at before a migration knows no table that it will make.
            Damage.CheckRoots(large, _folder.File);
        }

        using var migrated = _folder.Open();
        var replayed = Assert.IsType<InsertOutcome.Replayed>(Assert.Single(await migrated.InsertAsync(new InsertRequest([new Submission([Jobs.Spec()], key)], Jobs.Start), Token)));
        Assert.Equal([first.Id, second.Id], replayed.Jobs.Select(job => job.Id));
        Assert.IsType<InsertOutcome.UniqueKeyHeld>(Assert.Single(await migrated.InsertAsync(new InsertRequest([new Submission([Jobs.Spec() with { Unique = held }])], Jobs.Start), Token)));
        Assert.IsType<InsertOutcome.Inserted>(Assert.Single(await migrated.InsertAsync(new InsertRequest([new Submission([freed with { Id = Guid.CreateVersion7() }])], Jobs.Start), Token)));
        Assert.Equal([urgent.Id, first.Id, second.Id], (await migrated.ClaimAsync(Claiming() with { Max = 3, Now = Jobs.Start }, Token)).Select(job => job.Id));
        Assert.Equal([expiring.Id], (await migrated.AdvanceAsync(new AdvanceRequest(Jobs.Start.AddMinutes(1), 10), Token)).Changed.Select(job => job.Id));
        Assert.Equal([later.Id], (await migrated.AdvanceAsync(new AdvanceRequest(Jobs.Start.AddHours(1), 10), Token)).Changed.Select(job => job.Id));
        Assert.Equal([freed.Id, expiring.Id], await migrated.PurgeAsync(new PurgeRequest(Jobs.Start.AddDays(2), [], 10), Token));
        Assert.Equal([kept.Id], await migrated.PurgeAsync(new PurgeRequest(Jobs.Start.AddDays(3), [], 10), Token));
    }

    [Fact]
    public async Task Jobs_that_ran_when_an_earlier_version_died_are_recovered()
    {
        using (var store = _folder.Open())
        {
            await store.InsertAsync(new InsertRequest([new Submission([.. Enumerable.Range(0, 600).Select(_ => Jobs.Spec())])], Jobs.Start), Token);
            var running = await store.ClaimAsync(Claiming() with { Max = 600 }, Token);
            await store.CompleteAsync([.. running.Skip(2).SkipLast(1).Select(job => job.Ends(Outcomes.Succeeded(), Jobs.Start))], Token);
            await store.RenewAsync(new RenewRequest([running[0].Lease], Jobs.Start, Jobs.Start.AddMinutes(1)), Token);
        }

        GivenVersion11();

        using var migrated = _folder.Open();
        Assert.Equal(3, migrated.Recovered);
        Assert.Equal((3, 0), ((await migrated.CountAsync(Token))[JobState.Scheduled], (await migrated.CountAsync(Token))[JobState.Running]));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(2_000)]
    public async Task What_jobs_of_a_file_asked_for_in_words_is_what_they_ask_for(int payload)
    {
        var spec = Jobs.Spec() with
        {
            Payload = Encoding.UTF8.GetBytes($"\"{new string('p', payload)}\""),
            Timeout = TimeSpan.FromSeconds(77),
            MaxAttempts = 9,
            Backoff = new Backoff(BackoffKind.Linear, TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(4)),
        };
        var plain = spec with { Id = Guid.CreateVersion7(), Backoff = Backoff.Default };
        using (var store = _folder.Open())
        {
            await store.InsertAsync(new InsertRequest([new Submission([spec, plain])], Jobs.Start), Token);
        }

        GivenVersion12();

        using var migrated = _folder.Open();
        var claimed = await migrated.ClaimAsync(Claiming(), Token);
        Assert.Equal([Asked(spec), Asked(plain)], claimed.Select(job => Asked(job.Spec)));
        Assert.Equal(spec.Payload.ToArray(), claimed[0].Spec.Payload.ToArray());

        static (TimeSpan, int, Backoff) Asked(JobSpec spec) => (spec.Timeout, spec.MaxAttempts, spec.Backoff);
    }

    /// <summary>Takes back what the migrations after the twelfth did.</summary>
    private void GivenVersion12()
    {
        const string Words = """
            SELECT CAST(json_patch(
              json_object(
                'timeout', printf('%02d:%02d:%02d', timeout / 36000000000, timeout / 600000000 % 60, timeout / 10000000 % 60), 'maxAttempts', max_attempts,
                'backoff', json_object('kind', 'Exponential', 'base', '00:00:02', 'max', '00:10:00')),
              CAST(coalesce(job.details, body.details, '{}') AS TEXT)) AS BLOB)
            """;
        using var db = new Db(_folder.File);
        db.Execute($"UPDATE body SET details = ({Words} FROM job WHERE job.seq = body.seq)");
        db.Execute($"UPDATE job SET details = ({Words} FROM (SELECT NULL AS details) AS body) WHERE payload IS NOT NULL");
        db.Execute($"UPDATE job SET lane = {SideTables.Lane}");
        db.Execute("ALTER TABLE job DROP COLUMN timeout");
        db.Execute("ALTER TABLE job DROP COLUMN max_attempts");
        db.Execute("ALTER TABLE job DROP COLUMN room");
        db.Execute("PRAGMA user_version = 12");
    }

    /// <summary>Takes back what the migrations after the eleventh did.</summary>
    private void GivenVersion11()
    {
        GivenVersion12();
        using var db = new Db(_folder.File);
        db.Execute("DELETE FROM counter WHERE kind >= 10");
        db.Execute("CREATE INDEX job_running ON job (lease_expires_at, seq) WHERE state = 2");
        db.Execute("PRAGMA user_version = 11");
    }

    /// <summary>Takes back what the migrations after the tenth did.</summary>
    private void GivenVersion10()
    {
        GivenVersion11();
        using var db = new Db(_folder.File);
        db.Execute("INSERT INTO body (seq, payload, details) SELECT seq, payload, details FROM job WHERE payload IS NOT NULL");
        db.Execute("UPDATE job SET start_by = (SELECT start_by FROM waiting w WHERE w.seq = job.seq)");
        db.Execute("UPDATE job SET unique_key = (SELECT CAST(details AS TEXT) ->> '$.unique.key' FROM body b WHERE b.seq = job.seq)");
        db.Execute("ALTER TABLE job DROP COLUMN payload");
        db.Execute("ALTER TABLE job DROP COLUMN details");
        db.Execute("DROP TABLE waiting");
        db.Execute("DROP TABLE unique_key");
        db.Execute("DROP TABLE own_retention");
        db.Execute("ALTER TABLE idempotency_key DROP COLUMN first_seq");
        db.Execute("ALTER TABLE idempotency_key DROP COLUMN last_seq");
        db.Execute("CREATE INDEX job_claim ON job (lane, priority DESC, run_at, seq) WHERE state = 1 AND crashes < 2");
        db.Execute("CREATE INDEX job_suspect ON job (lane, priority DESC, run_at, seq) WHERE state = 1 AND crashes >= 2");
        db.Execute("CREATE INDEX job_waiting ON job (queue, run_at) WHERE state = 1");
        db.Execute("CREATE INDEX job_oldest ON job (run_at) WHERE state = 1");
        db.Execute("CREATE INDEX job_scheduled ON job (run_at, seq) WHERE state = 0");
        db.Execute("CREATE INDEX job_start_by ON job (start_by, seq) WHERE start_by IS NOT NULL");
        db.Execute("CREATE INDEX job_key ON job (key, seq) WHERE key IS NOT NULL");
        db.Execute("CREATE UNIQUE INDEX job_unique ON job (unique_key) WHERE unique_key IS NOT NULL AND state < 3");
        db.Execute("CREATE INDEX job_purge ON job (purge_at, seq) WHERE purge_at IS NOT NULL");
        db.Execute("CREATE INDEX job_finished_own ON job (type, state, finished_at, seq) WHERE purge_at IS NOT NULL");
        db.Execute("PRAGMA user_version = 10");
    }

    /// <summary>Takes back what the migrations after the ninth did.</summary>
    private void GivenVersion9(DateTimeOffset purgeAt)
    {
        GivenVersion10();
        using var db = new Db(_folder.File);
        db["UPDATE job SET purge_at = $purge_at WHERE finished_at IS NOT NULL"].With(purgeAt.UtcTicks).Run();
        db.Execute("DROP INDEX job_finished_own");
        db.Execute("DROP INDEX job_finished");
        db.Execute("CREATE INDEX job_finished ON job (type, state, finished_at, seq) WHERE finished_at IS NOT NULL");
        db.Execute("CREATE TABLE old (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE)");
        db.Execute("INSERT INTO old (number, id) SELECT number, ids FROM tombstone WHERE length(ids) = 16");
        db.Execute("DROP TABLE tombstone");
        db.Execute("ALTER TABLE old RENAME TO tombstone");
        db.Execute("PRAGMA user_version = 9");
    }

    /// <summary>Takes back what the migrations after the eighth did.</summary>
    private void GivenVersion8()
    {
        GivenVersion9(Jobs.Start.AddDays(1));
        using var db = new Db(_folder.File);
        db.Execute("ALTER TABLE job DROP COLUMN canceled_by");
        db.Execute("UPDATE job SET cancel_requested_at = NULL WHERE expires_at IS NOT NULL");
        db.Execute("PRAGMA user_version = 8");
    }

    /// <summary>Takes back what the migrations after the sixth did.</summary>
    private void GivenVersion6()
    {
        GivenVersion8();
        using var db = new Db(_folder.File);
        db.Execute("DROP INDEX job_oldest");
        db.Execute("DROP INDEX job_finished");
        db.Execute("ALTER TABLE job DROP COLUMN history_bytes");
        db.Execute("CREATE INDEX job_finished ON job (finished_at, seq) WHERE finished_at IS NOT NULL");
        db.Execute("UPDATE job SET bytes = (SELECT length(payload) FROM body b WHERE b.seq = job.seq) + coalesce(length(result), (SELECT length(bytes) FROM result r WHERE r.seq = job.seq), 0)");
        db.Execute("DELETE FROM counter WHERE kind IN (4, 5)");
        db.Execute("INSERT INTO counter (kind, name, value) SELECT 4, '', sum(bytes) FROM job HAVING count(*) > 0");
        db.Execute("INSERT INTO counter (kind, name, value) SELECT 5, '', sum(bytes) FROM job WHERE finished_at IS NOT NULL HAVING count(*) > 0");
        db.Execute("PRAGMA user_version = 6");
    }

    /// <summary>Takes back what the migrations after the first did.</summary>
    private void GivenVersion1(int crashes, Guid id)
    {
        using var resource = new StreamReader(typeof(Schema).Assembly.GetManifestResourceStream("0001-jobs.sql")!);
        var index = ClaimIndex().Match(resource.ReadToEnd()).Value;
        GivenVersion6();
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
