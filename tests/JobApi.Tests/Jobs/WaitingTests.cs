using JobApi.Endpoints;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Workers;
using JobApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Tests.Jobs;

public sealed class WaitingTests
{
    [Fact]
    public async Task A_job_that_waits_says_its_place_when_it_is_likely_to_start_and_when_to_ask_again()
    {
        await using var server = new ApiFactory([("JobApi:Workers:MinWorkers", "1"), ("JobApi:Workers:MaxWorkers", "1")]);
        await server.Api.RunAsync("echo", """{"text":"so that something is known of durations"}""");
        await server.Api.RunAsync("sleep", """{"seconds":0.2}"""); // And no claim takes longer than jobs do: then one would be claimed ahead, and not wait.
        await server.Api.SubmitAsync("gate", """{"gate":"busy"}""");
        await server.Gates.Started("busy");
        await server.Api.SubmitAsync("echo", """{"text":"1"}""");
        var second = await server.Api.SubmitAsync("echo", """{"text":"2"}""");

        var waiting = await server.Api.GetAsync("/jobs/" + second);
        var listed = (await server.Api.GetAsync("/jobs?pageSize=1"))["items"][0].GetProperty("waiting");
        server.Gates.Open("busy");

        Assert.Equal(("queue", 2), (waiting.Text("waiting.reason"), waiting["waiting.position"].GetInt32()));
        Assert.True(waiting["waiting.estimatedStartAt"].GetDateTimeOffset() >= waiting["createdAt"].GetDateTimeOffset());
        Assert.Equal("1", waiting.Header("Retry-After"));
        Assert.False(listed.TryGetProperty("position", out _));
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("sqlite")]
    public async Task A_job_whose_type_nobody_handles_any_more_says_so(string store)
    {
        await using var server = new ApiFactory([("JobApi:Store", store)]);
        var left = Testing.Jobs.Spec("retired", at: TimeProvider.System.GetUtcNow());
        await server.Services.GetRequiredService<IJobQueue>().InsertAsync(new InsertRequest([new Submission([left])], left.CreatedAt), CancellationToken.None);

        var job = await server.Api.GetAsync("/jobs/" + left.Id);
        var canceled = await server.Api.PostAsync($"/jobs/{left.Id}/cancel");

        Assert.Equal((200, "queued", "no_worker"), (job.Status, job.Text("state"), job.Text("waiting.reason")));
        Assert.Contains("'retired'", job.Text("waiting.detail"), StringComparison.Ordinal);
        Assert.False(job["waiting"].TryGetProperty("position", out _));
        Assert.Equal("canceled", canceled.Text("state"));
    }

    [Fact]
    public async Task The_longer_the_wait_the_later_to_ask_again()
    {
        await using var server = new ApiFactory([("JobApi:Workers:MinWorkers", "1"), ("JobApi:Workers:MaxWorkers", "1")]);
        await server.Api.RunAsync("sleep", """{"seconds":1.5}""");
        await server.Api.SubmitAsync("gate", """{"gate":"long"}""");
        await server.Gates.Started("long");
        string[] ids = [await server.Api.SubmitAsync("echo", """{"text":"1"}"""), "", "", "", ""];

        for (var index = 1; index < ids.Length; index++)
        {
            ids[index] = await server.Api.SubmitAsync("echo", """{"text":"n"}""");
        }

        var first = int.Parse((await server.Api.GetAsync("/jobs/" + ids[0])).Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture);
        var last = int.Parse((await server.Api.GetAsync("/jobs/" + ids[^1])).Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture);
        server.Gates.Open("long");

        Assert.True(last > first, $"{first} s at the first place, {last} s at the fifth.");
    }

    [Fact]
    public async Task Whoever_cannot_wait_because_too_many_do_is_answered_at_once_and_not_told_that_the_wish_was_heeded()
    {
        await using var server = new ApiFactory([("JobApi:Results:MaxWaiters", "0")]);
        var id = await server.Api.SubmitAsync("gate", """{"gate":"full"}""");
        await server.Gates.Started("full");

        var read = await server.Api.GetAsync("/jobs/" + id, ("Prefer", "wait=60"));
        var submitted = await server.Api.PostAsync("/jobs", """{"type":"gate","payload":{"gate":"full"}}""", ("Prefer", "wait=60"));
        server.Gates.Open("full");

        Assert.Equal((200, "running", "1", null), (read.Status, read.Text("state"), read.Header("Retry-After"), read.Header("Preference-Applied")));
        Assert.Equal((202, null), (submitted.Status, submitted.Header("Preference-Applied")));
    }

    [Fact]
    public async Task An_accepted_job_is_to_be_asked_for_the_later_the_more_jobs_wait()
    {
        await using var server = new ApiFactory([("JobApi:Workers:MinWorkers", "1"), ("JobApi:Workers:MaxWorkers", "1")]);
        await server.Api.RunAsync("sleep", """{"seconds":1.5}""");
        await server.Api.SubmitAsync("gate", """{"gate":"accepted"}""");
        await server.Gates.Started("accepted");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var asked = 1;

        // The wait is looked up once a second, so an answer soon tells of the jobs before it.
        while (asked < 3)
        {
            patience.Token.ThrowIfCancellationRequested();
            asked = int.Parse((await server.Api.PostAsync("/jobs", """{"type":"echo","payload":{"text":"n"}}""")).Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture);
        }

        var last = await server.Api.SubmitAsync("echo", """{"text":"n"}""");
        var result = await server.Api.GetAsync($"/jobs/{last}/result");
        server.Gates.Open("accepted");

        Assert.Equal(202, result.Status);
        Assert.True(int.Parse(result.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture) >= 3, result.Header("Retry-After"));
    }

    [Fact]
    public async Task A_job_that_is_held_is_asked_for_at_a_slow_pace_and_puts_nobody_else_off()
    {
        await using var server = new ApiFactory([("JobApi:Workers:MinWorkers", "1"), ("JobApi:Workers:MaxWorkers", "1")]);
        await server.Api.RunAsync("sleep", """{"seconds":1.5}""");
        await server.Api.PostAsync("/queues/held/pause");
        await server.Api.SubmitAsync("gate", """{"gate":"held"}""");
        await server.Gates.Started("held");
        var held = string.Empty;

        for (var count = 0; count < 20; count++)
        {
            held = await server.Api.SubmitAsync("echo", """{"text":"h"}""", ""","queue":"held" """);
        }

        var wait = await server.Services.GetRequiredService<ExpectedWait>().LookAsync(CancellationToken.None);
        var read = await server.Api.GetAsync("/jobs/" + held);
        server.Gates.Open("held");

        Assert.Equal(TimeSpan.Zero, wait);
        Assert.Equal("10", read.Header("Retry-After"));
    }

    [Fact]
    public async Task A_stored_job_is_answered_as_such_although_nobody_can_say_how_long_it_waits()
    {
        await using var server = new ApiFactory([("JobApi:Workers:MinWorkers", "1"), ("JobApi:Workers:MaxWorkers", "1")], services =>
            services.AddSingleton(provider => new ExpectedWait(
                new UncountedJobs(), provider.GetRequiredService<OpenQueues>(), provider.GetRequiredService<JobMetrics>(), provider.GetRequiredService<WorkerPool>(), TimeProvider.System)));
        await server.Api.SubmitAsync("gate", """{"gate":"uncounted"}""");
        await server.Gates.Started("uncounted");

        var answer = await server.Api.PostAsync("/jobs", """{"type":"echo","payload":{"text":"a"}}""");
        server.Gates.Open("uncounted");

        Assert.Equal((202, "queued", "1"), (answer.Status, answer.Text("state"), answer.Header("Retry-After")));
    }

    [Fact]
    public async Task A_scheduled_job_starts_at_its_time()
    {
        await using var server = new ApiFactory();
        var id = await server.Api.SubmitAsync("echo", """{"text":"s"}""", ""","delaySeconds":1000""");

        var job = await server.Api.GetAsync("/jobs/" + id);

        Assert.Equal(job.Text("runAt"), job.Text("waiting.estimatedStartAt"));
        Assert.Equal("schedule", job.Text("waiting.reason"));
    }

    /// <summary>Cannot be asked how many jobs there are.</summary>
    private sealed class UncountedJobs : IJobReader
    {
        public ValueTask<JobCounts> CountAsync(CancellationToken cancellationToken) => throw new IOException("The disk does not answer.");

        public ValueTask<Job?> FindAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<bool> IsGoneAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<int?> PlaceAsync(Job job, int max, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlySet<Guid>> FilesInUseAsync(IReadOnlyCollection<Guid> files, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
