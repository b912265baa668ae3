using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Tests.Jobs;

/// <summary>What a caller is told whose jobs the store had room for only in part.</summary>
public sealed class FullSweepTests
{
    [Fact]
    public async Task What_was_done_before_the_store_was_full_is_told_and_the_next_call_is_refused_until_there_is_room()
    {
        await using var server = new ApiFactory([], services => services.AddSingleton<FillingControl>().AddSingleton<IJobControl>(provider => provider.GetRequiredService<FillingControl>()));
        var store = server.Services.GetRequiredService<FillingControl>();
        var job = """{"type":"echo","payload":{"text":"x"},"delaySeconds":1000,"queue":"full"}""";
        await server.Api.PostAsync("/jobs/bulk", $"[{string.Join(',', Enumerable.Repeat(job, 450))}]");

        store.Room = 1;
        var first = await server.Api.PostAsync("/jobs/cancel", """{"queue":"full"}""");
        var rest = $$"""{"queue":"full","pageToken":"{{first.Text("nextPageToken")}}"}""";
        var refused = await server.Api.PostAsync("/jobs/cancel", rest);
        store.Room = int.MaxValue;
        var second = await server.Api.PostAsync("/jobs/cancel", rest);

        Assert.Equal((200, 200, true), (first.Status, first["changed"].GetInt32(), first["more"].GetBoolean()));
        refused.IsProblem(503, "not-accepted");
        Assert.Equal(("not_accepted", "60"), (refused.Text("outcome"), refused.Header("Retry-After")));
        Assert.Equal((200, 250, false), (second.Status, second["changed"].GetInt32(), second["more"].GetBoolean()));
        Assert.Empty(server.Errors.Lines);
    }

    /// <summary>The store's control, with room for so many more changes.</summary>
    private sealed class FillingControl(InMemoryJobStore store) : IJobControl
    {
        public int Room { get; set; } = int.MaxValue;

        public ValueTask<IReadOnlyList<ControlOutcome>> CancelAsync(JobSelection which, Cancellation asked, DateTimeOffset now, CancellationToken cancellationToken) =>
            Room-- > 0 ? store.CancelAsync(which, asked, now, cancellationToken) : throw new FullException();

        public ValueTask<IReadOnlyList<ControlOutcome>> RequeueAsync(JobSelection which, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<ControlOutcome>> AmendAsync(JobSelection which, JobAmendment change, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<ControlOutcome>> DeleteAsync(JobSelection which, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Guid>> PurgeAsync(PurgeRequest request, CancellationToken cancellationToken) => store.PurgeAsync(request, cancellationToken);

        private sealed class FullException() : StoreException("The disk is full: nothing was stored.");
    }
}
