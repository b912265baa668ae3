using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Storage.Searching;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

public abstract class SearchContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Theory]
    [InlineData("invoice")]
    [InlineData("INVOICE acme")]
    [InlineData("acme invoice")]
    [InlineData("alice@example.com")]
    [InlineData("\"overdue invoice\"")]
    [InlineData("overd*")]
    [InlineData("\"overdue inv\"*")]
    [InlineData("zurich")]
    [InlineData("Zürich")]
    [InlineData("strasse")]
    [InlineData("4711")]
    [InlineData("caf\u00e9")]
    [InlineData("東京")]
    [InlineData("ΑΘΉΝΑ")]
    [InlineData("customer")]
    [InlineData("gold-tier")]
    [InlineData("\"invoice")]
    public async Task Words_of_payload_and_tags_are_found_however_they_are_written(string text)
    {
        var job = await GivenAsync(Given());
        await GivenAsync(Jobs.Spec("square", Now, """{"number":7,"note":"exam ple com alice tokyo 京東 verdue"}"""));
        await CatchUpAsync();

        Assert.Equal([job.Id], await SearchAsync(text));
    }

    [Theory]
    [InlineData("invoice nothing")]
    [InlineData("voice")]
    [InlineData("invoic")]
    [InlineData("\"invoice overdue\"")]
    [InlineData("example@alice.com")]
    [InlineData("nzurich")]
    [InlineData("京東")]
    [InlineData("words:invoice")]
    [InlineData("invoice\" OR \"nothing")]
    [InlineData("NEAR(invoice,acme)")]
    public async Task Words_that_are_not_there_so_are_not_found(string text)
    {
        await GivenAsync(Given());
        await CatchUpAsync();

        Assert.Empty(await SearchAsync(text));
    }

    [Fact]
    public async Task An_error_is_found_while_the_job_has_it()
    {
        var job = await EndAsync(await GivenRunningAsync(), new JobOutcome.Failed(new JobError("connection-refused", "Nobody listens", "at peer.example", 1)));
        await CatchUpAsync();

        Assert.Equal([job!.Id], await SearchAsync("connection-refused peer.example"));

        await RequeueAsync(job);
        await EndAsync(Assert.Single(await ClaimAsync()), Outcomes.Succeeded());
        await CatchUpAsync();

        Assert.Empty(await SearchAsync("connection-refused"));
        Assert.Equal([job.Id], await SearchAsync("number"));
    }

    [Fact]
    public async Task Amended_tags_are_found_and_those_before_are_not()
    {
        var job = await GivenAsync(Given() with { RunAt = Now.AddHours(1) });
        await CatchUpAsync();
        await Control.AmendAsync(
            JobSelection.Of(job.Id), new JobAmendment { Tags = new Dictionary<string, string?> { ["customer"] = "globex" } }, Now, Token);
        await CatchUpAsync();

        Assert.Empty(await SearchAsync("acme"));
        Assert.Equal([job.Id], await SearchAsync("globex invoice"));
    }

    [Fact]
    public async Task A_deleted_or_purged_job_is_never_found()
    {
        var (first, second) = (await GivenEndedAsync(spec: Given()), await GivenEndedAsync(spec: Given()));
        await CatchUpAsync();
        await DeleteAsync(first);

        Assert.Equal([second.Id], await SearchAsync("invoice"));

        Pass(TimeSpan.FromDays(400));
        await PurgeAsync();
        Assert.Empty(await SearchAsync("invoice"));
        await CatchUpAsync();
        Assert.Empty(await SearchAsync("invoice"));
    }

    [Fact]
    public async Task All_other_filters_hold_as_well_and_pages_fit_together()
    {
        var jobs = new List<Job>();

        for (var number = 0; number < 7; number++)
        {
            jobs.Add(await GivenAsync(Given() with { Queue = number % 2 == 0 ? "even" : "odd" }));
        }

        await CatchUpAsync();
        await CancelAsync(jobs[0]);
        var filter = Filter("invoice") with { Queue = "even", States = new HashSet<JobState> { JobState.Queued } };
        var first = await Reader.ListAsync(new JobQuery(filter, 2), Token);
        var second = await Reader.ListAsync(new JobQuery(filter, 2, first.Next), Token);

        Assert.Equal([jobs[6].Id, jobs[4].Id], Ids(first.Items));
        Assert.Equal([jobs[2].Id], Ids(second.Items));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task A_search_is_the_same_in_pieces_where_many_match_and_few_are_meant()
    {
        var needle = await GivenAsync(Given() with { Type = "sleep" });
        await SubmitAsync([.. Enumerable.Range(0, JobQuery.MaxExamined + 10).Select(_ => Given())]);
        await CatchUpAsync();
        var filter = Filter("invoice") with { Type = "sleep" };
        var found = new List<Job>();
        long? before = null;
        var calls = 0;

        do
        {
            var page = await Reader.ListAsync(new JobQuery(filter, 10, before), Token);
            found.AddRange(page.Items);
            before = page.Next;
            calls++;
        }
        while (before is not null);

        Assert.Equal([needle.Id], Ids(found));
        Assert.InRange(calls, 2, 5);
    }

    [Fact]
    public async Task An_action_on_what_a_text_finds_leaves_a_job_alone_that_does_not_have_it_any_more()
    {
        var job = await GivenAsync(Given() with { RunAt = Now.AddHours(1) });
        await CatchUpAsync();
        await Control.AmendAsync(
            JobSelection.Of(job.Id), new JobAmendment { Tags = new Dictionary<string, string?> { ["customer"] = null } }, Now, Token);

        var outcome = Assert.Single(await Control.CancelAsync(JobSelection.Of(job.Id) with { Provided = Filter("acme") }, Jobs.Asked(), Now, Token));

        Assert.Equal(ControlResult.NotMeant, outcome.Result);
    }

    [Fact]
    public async Task Only_the_beginning_of_a_large_payload_is_searched()
    {
        var filler = string.Join(' ', Enumerable.Repeat("filler", 3_000));
        var job = await GivenAsync(Jobs.Spec("square", Now, $$"""{"first":"begin","middle":"{{filler}}","last":"terminus"}"""));
        await CatchUpAsync();

        Assert.Equal([job.Id], await SearchAsync("begin filler"));
        Assert.Empty(await SearchAsync("terminus"));
    }

    [Fact]
    public async Task What_was_found_before_a_crash_is_found_after_it()
    {
        var job = await GivenAsync(Given());
        await CatchUpAsync();

        Assert.Equal([job.Id], await SearchAsync("invoice"));
    }

    private JobSpec Given() => Jobs.Spec("square", Now, """
        {"subject":"Overdue Invoice","to":"Alice@Example.com","city":"Z\u00fcrich, Straße 12","order":4711,"place":"café 東京","greek":"Αθήνα"}
        """) with
    {
        Tags = new Dictionary<string, string> { ["tier"] = "gold-tier", ["customer"] = "acme" },
    };

    private static JobFilter Filter(string text)
    {
        Assert.Null(SearchQuery.Read(text, out var query));
        return new JobFilter { Text = query };
    }

    private async Task<Guid[]> SearchAsync(string text) => Ids((await Reader.ListAsync(new JobQuery(Filter(text), 100), Token)).Items);
}
