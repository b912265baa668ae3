using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Storage.Searching;
using JobApi.Sqlite;
using JobApi.Sqlite.Database;
using JobApi.Sqlite.Searching;
using JobApi.Sqlite.Tables;
using JobApi.Testing;
using Microsoft.Data.Sqlite;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>The index beside the data file: it follows, it may be lost at any time, and it never stands in anybody's way.</summary>
public sealed class SearchIndexTests : IDisposable
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly SqliteFolder _folder = new();

    private string Index => _folder.File + ".search";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_job_is_found_before_it_is_indexed_while_few_wait_for_it()
    {
        using var store = _folder.Open();
        var first = await SubmitAsync(store);

        Assert.Equal([first], await SearchAsync(store));
        await store.CatchUpAsync();
        var second = await SubmitAsync(store);

        Assert.Equal([second, first], await SearchAsync(store));
        await store.CatchUpAsync();
        Assert.Equal([second, first], await SearchAsync(store));
    }

    [Fact]
    public async Task The_lag_tells_of_new_and_changed_jobs_and_since_when_they_wait()
    {
        using var store = _folder.Open();
        var job = await SubmitAsync(store, delay: TimeSpan.FromHours(1));
        Assert.Equal(new IndexLag(1, Jobs.Start), await store.LagAsync(Token));

        await store.CatchUpAsync();
        Assert.Equal(new IndexLag(0, null), await store.LagAsync(Token));

        await AmendAsync(store, job, "red");
        Assert.Equal(new IndexLag(1, null), await store.LagAsync(Token));

        await store.CatchUpAsync();
        Assert.Equal(new IndexLag(0, null), await store.LagAsync(Token));
        Assert.Equal([job], await SearchAsync(store, "red"));
    }

    [Fact]
    public async Task A_step_without_anything_to_do_does_nothing()
    {
        using var store = _folder.Open();
        await SubmitAsync(store);
        await store.CatchUpAsync();
        await store.StepAsync(Token);
        var commits = store.Commits;

        Assert.Equal(new IndexStep(IsCaughtUp: true, IsBusy: false), await store.StepAsync(Token));
        Assert.Equal(commits, store.Commits);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("empty")]
    [InlineData("garbage")]
    [InlineData("cut")]
    [InlineData("other version")]
    [InlineData("other file")]
    public async Task An_index_that_is_not_what_it_should_be_is_made_anew_and_no_start_fails_for_it(string fate)
    {
        Guid job;

        using (var store = _folder.Open())
        {
            job = await SubmitAsync(store);
            await store.CatchUpAsync();
        }

        await SpoilAsync(fate);

        using var next = _folder.Open();
        Assert.Equal([job], await SearchAsync(next));
        await CatchUpAfterTroubleAsync(next);

        Assert.Equal([job], await SearchAsync(next));
        Assert.Equal(new IndexLag(0, null), await next.LagAsync(Token));
    }

    [Fact]
    public async Task Damage_that_a_search_meets_is_answered_all_the_same_and_mended()
    {
        using var store = _folder.Open();
        var job = await SubmitAsync(store);
        await store.CatchUpAsync();

        using (var db = new Db(Index))
        {
            db.Execute("DROP TABLE text_0");
        }

        Assert.Equal([job], (await PageAsync(store, "needle", before: null)).Found);
        await CatchUpAfterTroubleAsync(store);
        Assert.Equal([job], await SearchAsync(store));
        Assert.Equal(new IndexLag(0, null), await store.LagAsync(Token));
    }

    [Fact]
    public async Task Trouble_that_passes_by_itself_is_answered_all_the_same_and_costs_no_index()
    {
        using var store = _folder.Open();
        var job = await SubmitAsync(store);
        await store.CatchUpAsync();

        using (var db = new Db(Index))
        {
            db.Execute("CREATE TABLE mark (one INTEGER)");
        }

        // A search that has no connection yet cannot get one, as when the process has no descriptors left.
        File.Move(Index, Index + ".away");
        Assert.Equal([job], await SearchAsync(store));
        File.Move(Index + ".away", Index);

        var second = await SubmitAsync(store);
        await CatchUpAfterTroubleAsync(store);
        Assert.Equal([second, job], await SearchAsync(store));
        using var index = new Db(Index);
        Assert.Null(index["SELECT one FROM mark"].Number());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_data_file_that_was_put_back_is_not_answered_from_an_index_that_knew_more(bool noticedBeforeNewJobsCome)
    {
        var copy = Path.Combine(_folder.Folder, "copy");

        using (var store = _folder.Open())
        {
            await SubmitAsync(store);
            await store.CopyAsync(copy, Token);
            await SubmitAsync(store, text: "later");
            await store.CatchUpAsync();
        }

        File.Move(copy, _folder.File, overwrite: true);
        using var restored = _folder.Open();

        if (noticedBeforeNewJobsCome)
        {
            await restored.CatchUpAsync();
        }

        var other = await SubmitAsync(restored, text: "other");
        await restored.CatchUpAsync();

        Assert.Empty(await SearchAsync(restored, "later"));
        Assert.Equal([other], await SearchAsync(restored, "other"));
    }

    [Fact]
    public async Task A_shelf_that_was_cleared_away_leaves_no_statements_behind()
    {
        using var store = _folder.Open();
        await SubmitAsync(store);
        using var source = new Db(_folder.File);
        using var file = SearchFiles.Make(_folder.File, source);
        file.Write([], [(1, "needle"), (1L << 17, "needle")], file.Position with { Sequence = 1L << 17, Documents = 2 });
        Assert.Equal([1], file.Find(0, "needle", long.MaxValue, 10));
        Assert.Contains(Shelf.Match(0), file.Texts);

        file.Clear(0);

        Assert.DoesNotContain(Shelf.Match(0), file.Texts);
        Assert.Equal([1L << 17], file.Find(1, "needle", long.MaxValue, 10));
    }

    [Fact]
    public async Task Words_of_deleted_jobs_leave_the_index()
    {
        using var store = _folder.Open();
        var jobs = new List<Guid>();

        for (var number = 0; number < 10; number++)
        {
            jobs.Add(await SubmitAsync(store));
        }

        await store.CatchUpAsync();
        await store.CancelAsync(JobSelection.Of(jobs), Jobs.Asked(), Jobs.Start, Token);
        await store.DeleteAsync(JobSelection.Of([.. jobs.Skip(1)]), Token);
        await store.CatchUpAsync();

        using var db = new Db(Index);
        Assert.Equal(1, db["SELECT count(*) FROM text_0_docsize"].Number());
        Assert.Equal(1, db["SELECT documents FROM position"].Number());
        Assert.Equal([jobs[0]], await SearchAsync(store));
    }

    [Fact]
    public async Task Changes_that_the_index_knows_are_forgotten()
    {
        using var store = _folder.Open();
        var job = await SubmitAsync(store, delay: TimeSpan.FromHours(1));

        for (var number = 0; number < 1_200; number++)
        {
            await AmendAsync(store, job, $"n{number}");
        }

        await store.CatchUpAsync();

        using var db = new Db(_folder.File);
        Assert.InRange(db["SELECT count(*) FROM search_change"].Number()!.Value, 1, 1_000);
        Assert.Equal([job], await SearchAsync(store, "n1199"));
    }

    [Fact]
    public void Changes_are_forgotten_a_bounded_number_at_a_time()
    {
        _folder.Open().Dispose();
        using var db = new Db(_folder.File);

        for (var number = 0; number < 25; number++)
        {
            SearchSource.Note(db, 1);
        }

        Assert.Equal([10, 10, 4, 0], Enumerable.Range(0, 4).Select(_ => SearchSource.Forget(db, number: 25, max: 10)));
        Assert.Equal([(25, 1)], SearchSource.Changes(db, 0, 100));
    }

    [Fact]
    public async Task A_disk_too_full_to_forget_changes_is_trouble_for_the_search_alone()
    {
        SqliteException? error = null;
        using var store = _folder.Open(beforeCommit: () =>
        {
            if (Volatile.Read(ref error) is { } full)
            {
                throw full;
            }
        });
        var job = await SubmitAsync(store, delay: TimeSpan.FromHours(1));

        for (var number = 0; number < 1_200; number++)
        {
            await AmendAsync(store, job, $"n{number}");
        }

        Volatile.Write(ref error, new SqliteException("database or disk is full", 13));
        IndexStep step;

        while ((step = await store.StepAsync(Token)) is { Trouble: null, IsCaughtUp: false })
        {
        }

        Assert.True(Assert.IsType<SqliteStoreException>(step.Trouble).IsPassing);
        Volatile.Write(ref error, null);
        await store.CatchUpAsync();
        Assert.Equal([job], await SearchAsync(store, "n1199"));
    }

    [Fact]
    public async Task Without_search_there_is_no_index_and_no_journal()
    {
        using (var store = _folder.Open())
        {
            await SubmitAsync(store);
            await store.CatchUpAsync();
        }

        using var without = SqliteJobStore.Open(new SqliteOptions { Path = _folder.File, Search = false }, new StoreOptions(), Jobs.Start);
        var job = await SubmitAsync(without, delay: TimeSpan.FromHours(1));
        await AmendAsync(without, job, "red");

        Assert.False(File.Exists(Index));
        Assert.Null(await without.LagAsync(Token));
        Assert.True((await without.StepAsync(Token)).IsCaughtUp);
        using var db = new Db(_folder.File);
        Assert.Equal(0, db["SELECT count(*) FROM search_change"].Number());
    }

    [Fact]
    public async Task A_place_where_no_index_can_be_is_trouble_for_the_search_alone()
    {
        Directory.CreateDirectory(Index);
        using var store = _folder.Open();
        var job = await SubmitAsync(store);

        Assert.NotNull((await store.StepAsync(Token)).Trouble);
        Assert.Equal([job], await SearchAsync(store));

        Directory.Delete(Index);
        await store.CatchUpAsync();
        Assert.Equal(new IndexLag(0, null), await store.LagAsync(Token));
    }

    private async Task SpoilAsync(string fate)
    {
        switch (fate)
        {
            case "gone":
                File.Delete(Index);
                break;
            case "empty":
                await File.WriteAllBytesAsync(Index, []);
                break;
            case "garbage":
                await File.WriteAllTextAsync(Index, new string('x', 10_000));
                break;
            case "cut":
                await File.WriteAllBytesAsync(Index, (await File.ReadAllBytesAsync(Index))[..4096]);
                break;
            case "other version":
                using (var db = new Db(Index))
                {
                    db.Execute("PRAGMA user_version = 99");
                }

                break;
            default:
                using (var db = new Db(Index))
                {
                    db.Execute("UPDATE position SET source = randomblob(16), seq = 0");
                }

                break;
        }
    }

    /// <summary>The step that meets the damage says so; the one after it makes the index anew.</summary>
    private static async Task CatchUpAfterTroubleAsync(SqliteJobStore store)
    {
        await store.StepAsync(Token);
        await store.CatchUpAsync();
    }

    private static async Task<Guid> SubmitAsync(SqliteJobStore store, string text = "needle", TimeSpan delay = default)
    {
        var spec = Jobs.Spec(payload: $$"""{"text":"{{text}}"}""") with { RunAt = Jobs.Start + delay };
        var outcome = Assert.Single(await store.InsertAsync(new InsertRequest([new Submission([spec])], Jobs.Start), Token));

        return Assert.Single(Assert.IsType<InsertOutcome.Inserted>(outcome).Jobs).Id;
    }

    private static async Task AmendAsync(SqliteJobStore store, Guid job, string color) => Assert.Equal(
        ControlResult.Done,
        Assert.Single(await store.AmendAsync(
            JobSelection.Of(job), new JobAmendment { Tags = new Dictionary<string, string?> { ["color"] = color } }, Jobs.Start, Token)).Result);

    /// <summary>All pages: a search that takes long on a busy machine ends a page early.</summary>
    private static async Task<Guid[]> SearchAsync(SqliteJobStore store, string text = "needle")
    {
        var (found, next) = await PageAsync(store, text, before: null);

        while (next is not null)
        {
            (var more, next) = await PageAsync(store, text, next);
            found = [.. found, .. more];
        }

        return found;
    }

    private static async Task<(Guid[] Found, long? Next)> PageAsync(SqliteJobStore store, string text, long? before)
    {
        Assert.Null(SearchQuery.Read(text, out var query));
        var page = await store.ListAsync(new JobQuery(new JobFilter { Text = query }, 100, before), Token);

        return ([.. page.Items.Select(job => job.Id)], page.Next);
    }
}
