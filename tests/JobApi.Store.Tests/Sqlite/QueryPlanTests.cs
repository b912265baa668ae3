using System.Text.RegularExpressions;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Storage.Searching;
using JobApi.Sqlite;
using JobApi.Sqlite.Database;
using JobApi.Testing;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>Nothing the store asks grows with the number of jobs: every text is answered through an index, and none sorts.</summary>
public sealed partial class QueryPlanTests : IDisposable
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_question_to_the_file_walks_over_all_jobs()
    {
        await LeaveOneRunningAsync();
        using var store = _folder.Open();
        await UseEverythingAsync(store);
        using var db = new Db(_folder.File);

        var plans = store.Texts.Distinct().Where(IsExplained).ToDictionary(sql => sql, sql => PlanOf(db, sql));

        Assert.InRange(plans.Count, 40, 90);
        Assert.Equal(3, plans.Keys.Count(sql => sql.Contains("$last AND state = 2", StringComparison.Ordinal)));
        Assert.Empty(plans.Where(plan => IsSlow(plan.Value)).Select(plan => $"{plan.Key}: {plan.Value}"));
    }

    [Theory]
    [InlineData("SELECT count(*) FROM job")]
    [InlineData("SELECT seq FROM job WHERE queue = $queue")]
    [InlineData("SELECT seq FROM job ORDER BY created_at")]
    [InlineData("SELECT seq FROM waiting WHERE state = 1 AND lane = $lane AND is_suspect = 0 ORDER BY run_at")]
    public void A_question_that_does_is_caught(string sql)
    {
        _folder.Open().Dispose();
        using var db = new Db(_folder.File);

        Assert.True(IsSlow(PlanOf(db, sql)));
    }

    /// <summary>What a dead process leaves, so that a start asks for it.</summary>
    private async Task LeaveOneRunningAsync()
    {
        using var store = _folder.Open();
        var claim = new ClaimRequest { Max = 1, Node = "n", Now = Jobs.Start, LeaseExpiresAt = DateTimeOffset.MaxValue, Types = new HashSet<string> { "square" } };
        await store.InsertAsync(new InsertRequest([new Submission([Jobs.Spec()])], Jobs.Start, claim), Token);
    }

    private static async Task UseEverythingAsync(SqliteJobStore store)
    {
        var now = Jobs.Start;
        var key = new IdempotencyKey("key", new byte[] { 1 }, now);
        var claim = new ClaimRequest { Max = 2, Node = "n", Now = now, LeaseExpiresAt = now.AddSeconds(9), Types = new HashSet<string> { "square" } };
        var spec = Jobs.Spec() with { Files = [Guid.CreateVersion7()], Retention = TimeSpan.FromHours(1), Unique = new UniqueKey("key", UniqueConflict.Reject) };
        await store.InsertAsync(new InsertRequest([new Submission([spec, Jobs.Spec()], key)], now, claim), Token);
        await store.InsertAsync(new InsertRequest([new Submission([Jobs.Spec()], key)], now), Token);
        var lease = (await store.FindAsync(spec.Id, Token))!.Lease;
        await store.RenewAsync(new RenewRequest([lease], now, now), Token);
        await store.AppendAsync([new HistoryEntry(lease, [new LogText(now, "line")], new JobProgress(1, null, now))], Token);
        await store.CompleteAsync([(await store.FindAsync(spec.Id, Token))!.Ends(Outcomes.Succeeded("1", Guid.CreateVersion7()), now)], Token);
        await store.ClaimAsync(claim with { IsForSuspect = true }, Token);
        await store.AdvanceAsync(new AdvanceRequest(now.AddHours(1), 10), Token);
        await store.AmendAsync(JobSelection.Where(new JobFilter(), 10), new JobAmendment { Priority = 1 }, now, Token);
        await store.CancelAsync(JobSelection.Where(new JobFilter(), 10), Jobs.Asked(), now, Token);
        await store.RequeueAsync(JobSelection.Where(new JobFilter(), 10), now, Token);
        Assert.Null(SearchQuery.Read("number", out var text));
        await store.ListAsync(new JobQuery(new JobFilter { Text = text }, 10), Token);
        await store.CatchUpAsync();
        await store.ListAsync(new JobQuery(new JobFilter { Text = text }, 10), Token);
        await store.LagAsync(Token);
        await store.DeleteAsync(JobSelection.Of(spec.Id), Token);
        await store.PurgeAsync(new PurgeRequest(now, [new ByteBound(0)], 10), Token);
        await store.CountAsync(Token);
        await store.ChangeAsync("default", new QueueChange { ConcurrencyLimit = 5 }, Token);
        await store.ListAsync(new QueueQuery(10), Token);
        await store.FindAsync("default", Token);
        await store.ChangeAsync("default", new QueueChange { IsUnlimited = true }, Token);
        await store.InsertAsync(new InsertRequest([new Submission([Jobs.Spec()])], now), Token);
        await store.PlaceAsync(Jobs.Queued(), 10, Token);
        await store.ListAsync(new JobQuery(new JobFilter(), 10), Token);
        await store.IsGoneAsync(spec.Id, Token);
        await store.FilesInUseAsync(spec.Files, Token);
        await store.AttemptsAsync(spec.Id, Token);
        var left = (await store.ListAsync(new JobQuery(new JobFilter(), 1), Token)).Items[0].Id;
        await store.AttemptsAsync(left, Token);
        await store.LogsAsync(left, 0, 10, Token);
        await store.CatchUpAsync();
    }

    private static bool IsExplained(string sql) => Explained().IsMatch(sql);

    private static string PlanOf(Db db, string sql)
    {
        var values = new Value[Parameter().Matches(sql).Select(match => match.Value).Distinct().Count()];
        using var rows = db[$"EXPLAIN QUERY PLAN {sql}"].With(values).Read();
        var plan = new List<string>();

        while (rows.Next())
        {
            _ = (rows.Number(), rows.Number(), rows.Number());
            plan.Add(rows.Text());
        }

        return string.Join("; ", plan);
    }

    /// <summary>An index that is read in order from its beginning is a scan to SQLite; the LIMIT ends it. The counters are few.</summary>
    private static bool IsSlow(string plan) =>
        plan.Contains("TEMP B-TREE", StringComparison.Ordinal) || FullScan().IsMatch(plan);

    [GeneratedRegex("^(SELECT|INSERT|UPDATE|DELETE)")]
    private static partial Regex Explained();

    [GeneratedRegex(@"\$\w+")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"SCAN (?!counter|queue|\w+ USING (COVERING )?INDEX waiting_oldest\b)")]
    private static partial Regex FullScan();
}
