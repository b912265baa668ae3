using JobApi.Testing;
using JobApi.Tests.Support;

namespace JobApi.Tests.Processes;

/// <summary>SIGTERM, seen from outside: what is answered meanwhile, and what the exit code says.</summary>
public sealed class ShutdownTests
{
    [Fact]
    public async Task The_job_in_hand_ends_while_the_server_answers_but_takes_nothing_new()
    {
        await using var server = await ServerProcess.StartAsync();
        var api = new Api(server.Client);
        var job = await api.SubmitAsync("sleep", """{"seconds":3}""");
        var waiting = api.GetAsync($"/jobs/{job}?wait=30");

        await server.SignalAsync("TERM");
        await server.LineAsync("Stopping: ");
        var ready = await api.GetAsync("/health/ready");
        var live = await api.GetAsync("/health/live");
        var refused = await api.PostAsync("/jobs", """{"type":"square","payload":{"number":1}}""");

        Assert.Equal((503, 200, 503), (ready.Status, live.Status, refused.Status));
        Assert.Equal("not_accepted", refused.Text("outcome"));
        Assert.NotNull(refused.Header("Retry-After"));
        Assert.Equal("succeeded", (await waiting).Text("state"));
        Assert.Equal(0, await server.WaitForExitAsync());
    }

    [Fact]
    public async Task A_job_that_outlasts_the_grace_is_handed_back_and_the_exit_is_clean()
    {
        await using var server = await ServerProcess.StartAsync("--JobApi:Store=memory", "--JobApi:Workers:ShutdownGrace=00:00:00.100");
        await new Api(server.Client).SubmitAsync("sleep", """{"seconds":600}""");

        var exitCode = await server.StopAsync();

        Assert.Equal(0, exitCode);
        await server.LineAsync("asked to stop and handed back");
        await server.LineAsync("1 unfinished jobs end with this process, because they were kept in the memory store");
    }

    [Fact]
    public async Task A_handler_that_does_not_listen_is_abandoned_and_the_exit_code_says_so()
    {
        await using var server = await ServerProcess.StartAsync(
            "--JobApi:Workers:ShutdownGrace=00:00:00.100", "--JobApi:Execution:CancellationGrace=00:00:00.100");
        await new Api(server.Client).SubmitAsync("sleep", """{"seconds":600,"ignoreCancellation":true}""");

        var exitCode = await server.StopAsync();

        Assert.Equal(2, exitCode);
        await server.LineAsync("1 handlers still run and are abandoned; exit code 2");
        Assert.DoesNotContain(server.Output, line => line.Contains("every job in hand has finished", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_setting_that_makes_no_sense_is_refused_at_the_start_with_its_name_and_both_values()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync("--JobApi:Workers:MinWorkers=9", "--JobApi:Workers:MaxWorkers=3"));

        Assert.Contains("JobApi:Workers:MinWorkers (9) is larger than JobApi:Workers:MaxWorkers (3)", refusal.Message, StringComparison.Ordinal);
    }
}
