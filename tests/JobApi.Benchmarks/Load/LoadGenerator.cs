using System.Diagnostics;
using System.Globalization;
using JobApi.Testing;

namespace JobApi.Benchmarks.Load;

/// <summary>A program that drives a server. It shares the processors with it, so what counts is that it costs little.</summary>
internal sealed class LoadGenerator
{
    private readonly Func<LoadPlan, string, ProcessStartInfo> _command;

    private LoadGenerator(string name, Func<LoadPlan, string, ProcessStartInfo> command)
    {
        Name = name;
        _command = command;
    }

    public string Name { get; }

    /// <summary><c>wrk</c> where it is installed, our own driver elsewhere.</summary>
    public static LoadGenerator Best => Tool.Find("wrk") is null ? Own : Wrk;

    /// <summary>The one of Debian: one thread and epoll.</summary>
    public static LoadGenerator Wrk { get; } = new("wrk", (plan, requests) => new ProcessStartInfo(
        "wrk",
        [
            "--threads", "1", "--connections", Text(plan.Connections), "--duration", Text(plan.Duration.TotalSeconds) + "s", "--timeout", "60s",
            "--script", Path.Combine(AppContext.BaseDirectory, "Load", "replay.lua"), plan.Server.ToString(),
        ])
    {
        Environment = { ["REPLAY_REQUESTS"] = requests },
    });

    /// <summary>This program itself, with raw sockets whose completions run on the thread that learns of them.</summary>
    public static LoadGenerator Own { get; } = new("drive", (plan, requests) => new ProcessStartInfo(
        "dotnet",
        [
            "exec", typeof(LoadGenerator).Assembly.Location, Drive.Verb, plan.Server.Host, Text(plan.Server.Port), Text(plan.Connections), Text(plan.Duration.TotalSeconds), requests,
        ])
    {
        Environment = { ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1", ["DOTNET_TieredPGO"] = "0" },
    });

    /// <summary>Drives the server and returns what was seen.</summary>
    /// <exception cref="LoadFailedException">Not every answer was the wanted one.</exception>
    public async Task<LoadResult> RunAsync(LoadPlan plan)
    {
        using var requests = new RequestFile(plan.Requests);
        var command = _command(plan, requests.Path);
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;

        using var process = Process.Start(command) ?? throw new LoadFailedException($"{Name} did not start");
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        return LoadResult.Parse(output + await errors);
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
