using System.Diagnostics;
using System.Net;
using JobApi.Testing;
using Xunit;
using Xunit.Abstractions;

namespace JobApi.Faults.Disk.Tests;

/// <summary>The server on a disk that reports errors, or has no room.</summary>
public sealed class ServerDiskErrorTests(ITestOutputHelper output) : IDisposable
{
    private readonly FaultyDisk _disk = new();

    public void Dispose() => _disk.Dispose();

    [ToolTheory(DiskLibrary.Compiler)]
    [InlineData(DiskCalls.Sync)]
    [InlineData(DiskCalls.Write)]
    public async Task After_an_error_of_the_log_the_outcome_is_unknown_and_the_server_ends_with_an_error_and_everything_accepted_is_found_again(DiskCalls failing)
    {
        string accepted;

        await using (var server = await DiskServer.StartAsync(_disk))
        {
            accepted = (await server.SubmitAsync(more: ""","delaySeconds":3600""")).Text("id");
            using var error = _disk.Arm(new DiskFault(failing, "jobs.db-wal", DiskAction.Fail));

            var unknown = await server.SubmitAsync();

            var begun = Stopwatch.GetTimestamp();
            Assert.Equal(HttpStatusCode.InternalServerError, unknown.Status);
            Assert.False(unknown.Body.TryGetProperty("outcome", out _));
            Assert.Equal(1, await server.Process.WaitForExitAsync());
            output.WriteLine($"Ended {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s after the answer.");
        }

        await using (var server = await DiskServer.StartAsync(_disk))
        {
            Assert.Empty(await server.MissingAsync([accepted]));
            Assert.Equal(HttpStatusCode.Accepted, (await server.SubmitAsync()).Status);
        }
    }

    /// <summary>What a checkpoint has copied it does not copy again, so none may go on after a flush that failed: the log would begin anew, and with it the only good copy would go.</summary>
    [ToolFact(DiskLibrary.Compiler)]
    public async Task After_an_error_of_the_data_file_the_server_ends_and_its_next_start_copies_the_log_again()
    {
        var accepted = new List<string>();

        await using (var server = await DiskServer.StartAsync(_disk))
        {
            using var error = _disk.Arm(DiskFault.SyncError("jobs.db") with { Times = 1 });
            accepted.Add((await server.SubmitAsync(more: ""","delaySeconds":3600""")).Text("id"));

            Assert.Equal(1, await server.Process.WaitForExitAsync());
        }

        await using (var server = await DiskServer.StartAsync(_disk))
        {
            accepted.Add((await server.SubmitAsync(more: ""","delaySeconds":3600""")).Text("id"));
            await server.Process.KillAsync();
        }

        _disk.CutPower(new PowerCut.DropUnsynced());

        await using (var server = await DiskServer.StartAsync(_disk))
        {
            Assert.Empty(await server.MissingAsync(accepted));
        }
    }

    /// <summary>The pages of a failed fsync look clean and are not on the disk: what is appended behind them must not be lost with them.</summary>
    [ToolFact(DiskLibrary.Compiler)]
    public async Task Jobs_accepted_after_a_restart_survive_a_power_cut_although_an_earlier_fsync_had_failed()
    {
        await using (var server = await DiskServer.StartAsync(_disk))
        {
            // The commit stays in the cache of the system, where the next process finds it.
            using var error = _disk.Arm(DiskFault.SyncError("jobs.db-wal"));
            using var death = _disk.Arm(new DiskFault(DiskCalls.Remove, "jobs.db-wal", DiskAction.Kill));
            await server.SubmitAsync(more: ""","delaySeconds":3600""");
            await server.Process.WaitForExitAsync();
        }

        IReadOnlyCollection<string> accepted;

        await using (var server = await DiskServer.StartAsync(_disk))
        {
            accepted = await server.KillUnderLoadAsync(clients: 4, accepted: 20);
        }

        _disk.CutPower(new PowerCut.DropUnsynced());

        await using (var server = await DiskServer.StartAsync(_disk))
        {
            Assert.Empty(await server.MissingAsync(accepted));
        }
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task On_a_full_disk_the_ballast_is_given_up_for_the_end_of_a_running_job()
    {
        await using var server = await DiskServer.StartAsync(_disk);
        var running = (await server.SubmitAsync("sleep", """{"seconds":1}""")).Text("id");
        _disk.Room = 0;

        Assert.Equal("succeeded", (await server.GetAsync($"/jobs/{running}?wait=30")).Text("state"));
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task On_a_full_disk_submits_are_refused_reads_go_on_and_the_end_of_a_running_job_is_stored_when_there_is_room_again()
    {
        // Without a floor that refuses before the disk does, and without ballast to give up.
        await using var server = await DiskServer.StartAsync(_disk, "--JobApi:Disk:MinFreeBytes=0", "--JobApi:Sqlite:BallastBytes=0");
        var running = (await server.SubmitAsync("sleep", """{"seconds":2}""")).Text("id");
        _disk.Room = 0;

        var refused = await SubmitUntilRefusedAsync(server);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Equal("not_accepted", refused.Text("outcome"));
        Assert.NotNull(refused.RetryAfter);

        var unchanged = await PauseUntilRefusedAsync(server);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, unchanged.Status);
        Assert.Equal("not_accepted", unchanged.Text("outcome"));

        // Long enough for the job to end, and for its end to be refused unless it fits into that part.
        var waiting = await server.GetAsync($"/jobs/{running}?wait=4");
        Assert.Equal(HttpStatusCode.OK, waiting.Status);
        Assert.True(waiting.Text("state") is "running" or "succeeded", waiting.Text("state"));

        _disk.Room = null;

        Assert.Equal("succeeded", (await server.GetAsync($"/jobs/{running}?wait=30")).Text("state"));
        Assert.Equal(HttpStatusCode.Accepted, (await server.SubmitAsync()).Status);
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task The_server_outlives_a_clock_that_jumps_and_runs_every_job_once()
    {
        await using var server = await DiskServer.StartAsync(_disk);
        var later = (await server.SubmitAsync(more: ""","delaySeconds":86400""")).Text("id");

        _disk.ClockOffset = TimeSpan.FromDays(2);
        var ahead = (await server.SubmitAsync()).Text("id");
        await AssertRanOnceAsync(server, ahead);
        await AssertRanOnceAsync(server, later);

        _disk.ClockOffset = TimeSpan.FromDays(-2);
        var behind = (await server.SubmitAsync()).Text("id");
        await AssertRanOnceAsync(server, behind);

        Assert.Empty(await server.MissingAsync([later, ahead, behind]));
        await AssertRanOnceAsync(server, later);
        Assert.Equal(0, await server.Process.StopAsync());
    }

    private static async Task<Reply> PauseUntilRefusedAsync(DiskServer server)
    {
        for (var paused = 0; ; paused++)
        {
            var reply = await server.PostAsync($"/queues/full-{paused}/pause");

            if (reply.Status != HttpStatusCode.OK)
            {
                return reply;
            }

            Assert.True(paused < 1_000, "A thousand queues were paused on a full disk.");
        }
    }

    /// <summary>The log has its room beforehand: until that is used up, a full disk is none to the store.</summary>
    private static async Task<Reply> SubmitUntilRefusedAsync(DiskServer server)
    {
        for (var accepted = 0; ; accepted++)
        {
            var reply = await server.SubmitAsync(payload: $$"""{"number":{{new string(' ', 200_000)}}3}""");

            if (reply.Status != HttpStatusCode.Accepted)
            {
                return reply;
            }

            Assert.True(accepted < 200, "40 MB were taken in on a full disk.");
        }
    }

    private static async Task AssertRanOnceAsync(DiskServer server, string id)
    {
        var job = await server.GetAsync($"/jobs/{id}?wait=30");
        Assert.Equal("succeeded", job.Text("state"));
        Assert.Equal(1, job.Body.GetProperty("attempt").GetInt32());
    }
}
