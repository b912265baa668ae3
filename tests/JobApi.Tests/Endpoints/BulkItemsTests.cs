using JobApi.Endpoints;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Submission;
using JobApi.Refusals;
using JobApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Tests.Endpoints;

public sealed class BulkItemsTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private static readonly Job Stored = Testing.Jobs.Queued();

    private readonly JobResponses _responses = server.Services.GetRequiredService<JobResponses>();

    [Fact]
    public void Each_place_has_its_answer_and_they_are_counted()
    {
        var items = new BulkItems(
            place => place == 1 ? Problems.BodyTooLarge(1) : null,
            [new SubmitResult.Accepted(Stored), null, new SubmitResult.Existing(Stored), new SubmitResult.UnknownType("no"), Full(9)], _responses);

        Assert.Equal((5, 2), (items.Count, items.Accepted));
        Assert.Equal([202, 413, 202, 422, 503], items.Select(item => item.Status));
        Assert.Equal([true, false, true, false, false], items.Select(item => item.Job is not null && item.Problem is null));
        Assert.Equal([null, null, true, null, null], items.Select(item => item.Existing));
        Assert.Equal(TimeSpan.FromSeconds(9), items.RetryAfter);
    }

    [Fact]
    public void A_job_is_not_kept_but_does_not_change_while_it_is_written()
    {
        using var items = new BulkItems(AllRead, [new SubmitResult.Accepted(Stored)], _responses).GetEnumerator();
        items.MoveNext();

        Assert.Same(items.Current, items.Current);
    }

    [Fact]
    public async Task Who_runs_a_job_is_told_as_it_is_when_the_answer_is_made()
    {
        var id = (await server.Api.PostAsync("/jobs", """{"type":"gate","payload":{"gate":"bulk-items"}}""")).Text("id");
        await server.Gates.Started("bulk-items");
        var job = await server.Services.GetRequiredService<IJobReader>().FindAsync(Guid.Parse(id), CancellationToken.None);

        var items = new BulkItems(AllRead, [new SubmitResult.Accepted(job!)], _responses);
        server.Gates.Open("bulk-items");
        await server.Api.GetAsync($"/jobs/{id}?wait=30");

        Assert.StartsWith("worker-", items[0].Job!.Worker, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_that_found_no_room_says_when_to_come_again() =>
        Assert.Equal(TimeSpan.FromSeconds(3), new BulkItems(AllRead, [Full(3), Full(5)], _responses).RetryAfter);

    private static Problem? AllRead(int place) => null;

    private static SubmitResult.NotAccepted Full(int seconds) => new("full", TimeSpan.FromSeconds(seconds));
}
