using System.Net;
using System.Net.Sockets;
using JobApi.Testing;
using JobApi.Tests.Support;

namespace JobApi.Tests.Processes;

/// <summary>The server on the SQLite store, killed and started again.</summary>
public sealed class SqliteProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jobapi-data-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_accepted_before_a_kill_is_there_and_goes_on_after_the_next_start()
    {
        string done, running, later;

        await using (var server = await StartAsync())
        {
            var api = new Api(server.Client);
            Assert.Contains(server.Output, line => line.Contains("sqlite store (durability: fsync)", StringComparison.Ordinal));
            done = (await api.RunAsync("square", """{"number":12}""")).Text("id");
            running = await api.SubmitAsync("sleep", """{"seconds":60}""");
            later = await api.SubmitAsync("square", """{"number":5}""", ""","delaySeconds":3600""");
            await server.KillAsync();
        }

        await using (var server = await StartAsync())
        {
            var api = new Api(server.Client);

            Assert.Equal(144, (await api.GetAsync($"/jobs/{done}"))["result.number"].GetInt64());
            Assert.Equal("scheduled", (await api.GetAsync($"/jobs/{later}")).Text("state"));
            Assert.Equal(1, (await api.GetAsync($"/jobs/{running}"))["crashes"].GetInt32());
            Assert.Equal(0, await server.StopAsync());
        }
    }

    [Fact]
    public async Task A_job_that_kills_its_server_ends_after_three_deaths_and_its_neighbours_succeed()
    {
        const string AtOnce = ""","maxAttempts":1,"backoff":{"kind":"constant","baseSeconds":0.1,"maxSeconds":0.1}""";
        string poison;
        string[] neighbours;

        await using (var server = await StartAsync())
        {
            var api = new Api(server.Client);
            poison = await api.SubmitAsync("sleep", """{"seconds":600}""", AtOnce + ""","priority":1,"timeoutSeconds":1000""");
            neighbours = [await api.SubmitAsync("sleep", """{"seconds":4}""", AtOnce), await api.SubmitAsync("sleep", """{"seconds":4}""", AtOnce)];
            await DieWhileRunningAsync(server, poison, neighbours);
        }

        await using (var server = await StartAsync())
        {
            await DieWhileRunningAsync(server, poison, neighbours);
        }

        string late;

        await using (var server = await StartAsync())
        {
            // Each of the three runs alone now, and so does a job that has nothing to do with it, as long as the poison runs.
            var api = new Api(server.Client);
            await UntilRunningAsync(api, poison);
            late = await api.SubmitAsync("square", """{"number":3}""");
            Assert.Equal("queued", (await api.GetAsync($"/jobs/{late}")).Text("state"));

            foreach (var neighbour in neighbours)
            {
                var job = await api.GetAsync($"/jobs/{neighbour}");
                Assert.True(job.Text("state") == "succeeded" || job.Text("waiting.detail").Contains("runs alone", StringComparison.Ordinal), job.Body);
            }

            await server.KillAsync();
        }

        await using (var server = await StartAsync())
        {
            var api = new Api(server.Client);
            var dead = await api.GetAsync($"/jobs/{poison}");
            Assert.Equal(("failed", 3, "lost"), (dead.Text("state"), dead["crashes"].GetInt32(), dead.Text("error.type")));

            foreach (var neighbour in neighbours)
            {
                var job = await api.GetAsync($"/jobs/{neighbour}?wait=30");
                Assert.Equal(("succeeded", 2), (job.Text("state"), job["crashes"].GetInt32()));
            }

            Assert.Equal("succeeded", (await api.GetAsync($"/jobs/{late}?wait=30")).Text("state"));
            Assert.Equal(0, await server.StopAsync());
        }
    }

    [Fact]
    public async Task A_second_server_on_the_same_file_does_not_start_and_says_why()
    {
        await using var first = await StartAsync();

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(StartAsync);

        Assert.Contains("in use by another process", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_one_sentence_and_the_exit_code_is_one()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "jobs.db"), "not a database");

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(StartAsync);

        Assert.Contains("JobApi does not start. The data file", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("is damaged", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 1", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("not a database", await File.ReadAllTextAsync(Path.Combine(_folder, "jobs.db")));
    }

    [Fact]
    public async Task An_unknown_store_is_refused_by_name()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync("--JobApi:Store=punchcards"));

        Assert.Contains("JobApi does not start. The setting JobApi:Store is \"punchcards\"", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_cannot_work_is_named_in_a_sentence_and_the_exit_code_is_one()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync("--JobApi:Workers:MinWorkers=0"));

        Assert.Matches("JobApi does not start. .*MinWorkers", refusal.Message);
        Assert.Contains("exit code 1", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Whoever starts it again and again while its port is taken must not condemn the jobs that it would run.</summary>
    [Fact]
    public async Task A_start_that_fails_for_a_taken_port_has_begun_no_job()
    {
        using var neighbour = new TcpListener(IPAddress.Loopback, 0);
        neighbour.Start();
        string job;

        await using (var server = await StartAsync())
        {
            job = await new Api(server.Client).SubmitAsync("sleep", """{"seconds":600}""", ""","backoff":{"kind":"constant","baseSeconds":0},"timeoutSeconds":1000""");
            await UntilRunningAsync(new Api(server.Client), job);
            await server.KillAsync();
        }

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ServerProcess.StartAsync($"--JobApi:Sqlite:Path={Path.Combine(_folder, "jobs.db")}", "--urls", $"http://{neighbour.LocalEndpoint}"));
        Assert.Matches("JobApi does not start. .*address already in use", refusal.Message);
        Assert.Contains("exit code 1", refusal.Message, StringComparison.Ordinal);

        await using var next = await StartAsync();
        await UntilRunningAsync(new Api(next.Client), job);
        Assert.Equal(1, (await new Api(next.Client).GetAsync($"/jobs/{job}"))["crashes"].GetInt32());
    }

    private static async Task DieWhileRunningAsync(ServerProcess server, string poison, string[] neighbours)
    {
        var api = new Api(server.Client);
        await Task.WhenAll(neighbours.Append(poison).Select(id => UntilRunningAsync(api, id)));
        await server.KillAsync();
    }

    /// <summary>Waits for each change of the job until it runs.</summary>
    private static async Task UntilRunningAsync(Api api, string id)
    {
        var job = await api.GetAsync($"/jobs/{id}");

        while (job.Text("state") != "running")
        {
            Assert.False(job["done"].GetBoolean(), job.Body);
            var next = await api.GetAsync($"/jobs/{id}?wait=10", ("If-None-Match", job.Header("ETag")!));
            job = next.Status == 304 ? job : next;
        }
    }

    private Task<ServerProcess> StartAsync() =>
        ServerProcess.StartAsync($"--JobApi:Sqlite:Path={Path.Combine(_folder, "jobs.db")}", "--JobApi:Workers:MinWorkers=4", "--JobApi:Workers:MaxWorkers=4");
}
