using JobApi.Engine.Diagnostics;
using JobApi.Testing;
using JobApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Tests.Storage;

/// <summary>A disk below the floor: nothing new comes in, everything else goes on.</summary>
public sealed class DiskShortTests
{
    private readonly FakeDisk _disk = new();

    [Fact]
    public async Task New_jobs_and_files_are_refused_as_not_accepted_and_readiness_says_why()
    {
        await using var server = Server();
        var id = await server.Api.SubmitAsync("gate", """{"gate":"short"}""");
        await server.Gates.Started("short");
        Set(server, 1_000);

        var job = (await server.Api.PostAsync("/jobs", """{"type":"echo","payload":{"text":"a"}}""")).IsProblem(503, "not-accepted");
        var bulk = (await server.Api.PostAsync("/jobs/bulk", """[{"type":"echo","payload":{"text":"a"}},7]""")).IsProblem(503, "not-accepted");
        using var content = new ByteArrayContent("hello"u8.ToArray());
        var file = (await server.Api.SendAsync(HttpMethod.Put, "/files", content)).IsProblem(503, "not-accepted");

        Assert.All([job, bulk, file], answer => Assert.Equal(("not_accepted", "60"), (answer.Text("outcome"), answer.Header("Retry-After"))));
        Assert.Equal("disk short", (await server.Api.GetAsync("/health/ready")).IsProblem(503, "not-ready").Text("detail"));
        Assert.Equal(1_000, (await server.Api.GetAsync("/metrics"))["diskFreeBytes"].GetInt64());
        Assert.Contains("jobapi_disk_free_bytes{keeps=\"jobs\"} 1000\n", (await server.Api.GetAsync("/metrics", ("Accept", "text/plain"))).Body, StringComparison.Ordinal);

        Assert.Equal(200, (await server.Api.GetAsync("/health/live")).Status);
        Assert.Equal(200, (await server.Api.GetAsync("/jobs")).Status);
        server.Gates.Open("short");
        Assert.Equal("succeeded", (await server.Api.GetAsync($"/jobs/{id}?wait=30")).Text("state"));
        Assert.Equal(204, (await server.Api.DeleteAsync($"/jobs/{id}")).Status);
    }

    [Fact]
    public async Task What_was_stored_under_a_key_is_still_answered_on_a_short_disk()
    {
        const string Job = """{"type":"echo","payload":{"text":"a"},"delaySeconds":3600}""";
        await using var server = Server();
        var id = (await server.Api.PostAsync("/jobs", Job, ("Idempotency-Key", "one"))).Text("id");
        await server.Api.PostAsync("/jobs/bulk", $"[{Job},7]", ("Idempotency-Key", "many"));
        Set(server, 1_000);

        var one = await server.Api.PostAsync("/jobs", Job, ("Idempotency-Key", "one"));
        var many = await server.Api.PostAsync("/jobs/bulk", $"[{Job},7]", ("Idempotency-Key", "many"));

        Assert.Equal((202, id), (one.Status, one.Text("id")));
        Assert.Equal((207, 1, 1), (many.Status, many["accepted"].GetInt32(), many["refused"].GetInt32()));
        Assert.All([one, many], answer => Assert.Equal("true", answer.Header("Idempotency-Replayed")));
        (await server.Api.PostAsync("/jobs", Job, ("Idempotency-Key", "new"))).IsProblem(503, "not-accepted");
    }

    [Fact]
    public async Task With_room_above_the_floor_the_server_takes_work_again()
    {
        await using var server = Server();
        Set(server, 1_000);
        Set(server, 300L << 20);

        Assert.Equal(200, (await server.Api.GetAsync("/health/ready")).Status);
        await server.Api.SubmitAsync("echo", """{"text":"a"}""");
    }

    [Fact]
    public async Task A_waiting_job_can_be_canceled_on_a_short_disk()
    {
        await using var server = Server();
        var id = await server.Api.SubmitAsync("echo", """{"text":"a"}""", ""","delaySeconds":3600""");
        Set(server, 1_000);

        Assert.Equal(200, (await server.Api.PostAsync($"/jobs/{id}/cancel")).Status);
    }

    private ApiFactory Server() => new([("JobApi:Store", "sqlite")], services => services.AddSingleton<IDiskProbe>(_disk));

    private void Set(ApiFactory server, long free)
    {
        _disk.Free = free;
        server.Services.GetRequiredService<DiskSpace>().Look();
    }
}
