using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Storage.Searching;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

public abstract class ReadContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task An_unknown_id_finds_nothing_and_is_not_gone()
    {
        Assert.Null(await Reader.FindAsync(Guid.CreateVersion7(Now), Token));
        Assert.False(await Reader.IsGoneAsync(Guid.CreateVersion7(Now), Token));
    }

    [Fact]
    public async Task A_queued_job_knows_its_place_among_the_jobs_of_all_types_in_the_order_of_claims()
    {
        var first = await GivenQueuedAsync();
        var second = await GivenQueuedAsync("sleep");
        var third = await GivenQueuedAsync();
        var urgent = await GivenAsync(Spec("sleep") with { Priority = 1 });
        await GivenScheduledAsync(TimeSpan.FromHours(1));

        Assert.Equal([1, 2, 3, 4], await PlacesAsync(10, urgent, first, second, third));
        Assert.Equal([1, 2, 3, null], await PlacesAsync(3, urgent, first, second, third));
        await ClaimAsync(2);
        Assert.Equal([1, 2], await PlacesAsync(10, second, third));
    }

    [Fact]
    public async Task Places_are_counted_over_many_jobs()
    {
        var jobs = Assert.IsType<InsertOutcome.Inserted>(await SubmitAsync([.. Enumerable.Range(0, 500).Select(_ => Spec())])).Jobs;

        Assert.Equal([1, 129, 300, 500], await PlacesAsync(500, jobs[0], jobs[128], jobs[299], jobs[499]));
        Assert.Equal([300, null], await PlacesAsync(300, jobs[299], jobs[300]));
    }

    private async Task<int?[]> PlacesAsync(int max, params Job[] jobs)
    {
        var places = new List<int?>();

        foreach (var job in jobs)
        {
            places.Add(await Reader.PlaceAsync(job, max, Token));
        }

        return [.. places];
    }

    [Fact]
    public async Task Pages_come_newest_first_and_fit_together()
    {
        var jobs = await GivenManyAsync(5);

        var first = await ListAsync(pageSize: 2);
        var second = await ListAsync(pageSize: 2, before: first.Next);
        var third = await ListAsync(pageSize: 2, before: second.Next);

        Assert.Equal(Ids(jobs).Reverse(), Ids([.. first.Items, .. second.Items, .. third.Items]));
        Assert.Null(third.Next);
    }

    [Fact]
    public async Task A_full_page_that_is_the_last_says_so()
    {
        await GivenManyAsync(2);

        Assert.Null((await ListAsync(pageSize: 2)).Next);
    }

    [Fact]
    public async Task A_page_continues_where_its_last_job_was_deleted()
    {
        var jobs = await GivenManyAsync(3);
        var first = await ListAsync(pageSize: 1);
        await CancelAsync(jobs[2]);
        await DeleteAsync(jobs[2]);

        Assert.Equal([jobs[1].Id], Ids((await ListAsync(pageSize: 1, before: first.Next)).Items));
    }

    [Fact]
    public async Task Jobs_submitted_meanwhile_do_not_disturb_the_pages()
    {
        var jobs = await GivenManyAsync(3);
        var first = await ListAsync(pageSize: 1);
        await GivenManyAsync(3);

        Assert.Equal([jobs[1].Id, jobs[0].Id], Ids((await ListAsync(pageSize: 10, before: first.Next)).Items));
    }

    [Fact]
    public async Task An_empty_store_has_one_empty_page()
    {
        var page = await ListAsync();

        Assert.Empty(page.Items);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task All_parts_of_a_filter_must_hold()
    {
        var wanted = await GivenAsync(Spec("sleep") with { Queue = "mail", Tags = Tags("a", "1", "b", "2") });
        await GivenAsync(Spec("square") with { Queue = "mail", Tags = Tags("a", "1") });
        await GivenAsync(Spec("sleep") with { Tags = Tags("a", "1") });
        await GivenAsync(Spec("sleep") with { Queue = "mail", Tags = Tags("a", "2") });
        await GivenAsync(Spec("sleep") with { Queue = "mail", Tags = Tags("a", "1"), RunAt = Now.AddDays(1) });

        var page = await ListAsync(new JobFilter
        {
            States = new HashSet<JobState> { JobState.Queued, JobState.Failed },
            Type = "sleep",
            Queue = "mail",
            Tags = Tags("a", "1"),
        });

        Assert.Equal([wanted.Id], Ids(page.Items));
    }

    [Fact]
    public async Task Names_are_compared_exactly()
    {
        await GivenAsync(Spec() with { Queue = "Mail", Tags = Tags("a", "X") });

        Assert.Empty((await ListAsync(new JobFilter { Queue = "mail" })).Items);
        Assert.Empty((await ListAsync(new JobFilter { Tags = Tags("a", "x") })).Items);
    }

    [Fact]
    public async Task Created_after_includes_its_bound_and_created_before_does_not()
    {
        await GivenQueuedAsync();
        Pass(TimeSpan.FromSeconds(1));
        var second = await GivenQueuedAsync();
        Pass(TimeSpan.FromSeconds(1));
        await GivenQueuedAsync();

        var page = await ListAsync(new JobFilter { CreatedAfter = second.Spec.CreatedAt, CreatedBefore = Now });

        Assert.Equal([second.Id], Ids(page.Items));
    }

    [Fact]
    public async Task A_page_that_looked_far_enough_comes_short_with_a_continuation()
    {
        var needle = await GivenQueuedAsync("sleep");
        await GivenManyAsync(JobQuery.MaxExamined + 1);

        var first = await ListAsync(new JobFilter { Type = "sleep" });
        var second = await ListAsync(new JobFilter { Type = "sleep" }, before: first.Next);

        Assert.Empty(first.Items);
        Assert.NotNull(first.Next);
        Assert.Equal([needle.Id], Ids(second.Items));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("note")]
    public async Task A_page_ends_with_the_job_whose_payload_or_result_fills_its_bytes_and_the_next_goes_on(string? text)
    {
        var half = $$"""{"note":"{{new string('x', JobQuery.MaxBytes / 2)}}"}""";
        var full = $"\"{new string('y', JobQuery.MaxBytes)}\"";
        var later = Now.AddHours(1);
        Job[] jobs =
        [
            await GivenAsync(Jobs.Spec("square", Now, half) with { RunAt = later }),
            await GivenAsync(Jobs.Spec("square", Now, """{"note":1}""") with { RunAt = later }),
            await GivenEndedAsync(Outcomes.Succeeded(full), Jobs.Spec("square", Now, """{"note":2}""")),
            await GivenAsync(Jobs.Spec("square", Now, half) with { RunAt = later }),
            await GivenAsync(Jobs.Spec("square", Now, half) with { RunAt = later }),
        ];
        await CatchUpAsync();
        var filter = new JobFilter { Text = text is null ? null : SearchQuery.Read(text, out var query) is null ? query : null };

        var first = await ListAsync(filter);
        var second = await ListAsync(filter, before: first.Next);
        var third = await ListAsync(filter, before: second.Next);

        Assert.Equal((2, 1, 2), (first.Items.Count, second.Items.Count, third.Items.Count));
        Assert.Equal(Ids(jobs).Reverse(), Ids([.. first.Items, .. second.Items, .. third.Items]));
        Assert.Null(third.Next);
    }

    [Fact]
    public async Task Files_of_payloads_and_results_are_in_use_as_long_as_a_job_names_them()
    {
        var (input, output, other) = (Guid.CreateVersion7(Now), Guid.CreateVersion7(Now), Guid.CreateVersion7(Now));
        var first = await GivenEndedAsync(Outcomes.Succeeded("49", output), Spec() with { Files = [input] });
        var second = await GivenEndedAsync(spec: Spec() with { Files = [input] });

        Assert.Equal(new[] { input, output }.ToHashSet(), (await Reader.FilesInUseAsync([input, output, other], Token)).ToHashSet());

        await DeleteAsync(first);
        Assert.Equal([input], await Reader.FilesInUseAsync([input, output, other], Token));

        await DeleteAsync(second);
        Assert.Empty(await Reader.FilesInUseAsync([input, output, other], Token));
    }

    private async Task<IReadOnlyList<Job>> GivenManyAsync(int count) =>
        Assert.IsType<InsertOutcome.Inserted>(await SubmitAsync([.. Enumerable.Range(0, count).Select(_ => Spec())])).Jobs;

    private async Task<JobPage> ListAsync(JobFilter? filter = null, int pageSize = 100, long? before = null) =>
        await Reader.ListAsync(new JobQuery(filter ?? new JobFilter(), pageSize, before), Token);

    private static Dictionary<string, string> Tags(params string[] pairs) =>
        pairs.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
}
