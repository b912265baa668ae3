using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace JobApi.Benchmarks.Peers;

/// <summary>How fast a library adds jobs and works them off, without a server in front of it: the medians of three passes after one that does not count.</summary>
internal sealed record LibraryRates(string Library, string Manner, double AddedPerSecond, double WorkedPerSecond);

/// <summary>The libraries that keep jobs in PostgreSQL, measured without HTTP: an upper bound for a server made of them.</summary>
internal static class Libraries
{
    private const string Mark = "RESULT ";

    private static readonly (string Library, string Manner, int Jobs)[] All =
    [
        ("graphile-worker", "plain", 10_000), ("graphile-worker", "batch", 50_000), ("pg-boss", "plain", 3_000), ("pg-boss", "batch", 50_000),
    ];

    /// <exception cref="MissingException">Node.js or PostgreSQL is not here.</exception>
    public static async IAsyncEnumerable<LibraryRates> RunAsync()
    {
        foreach (var (library, manner, jobs) in All)
        {
            var start = await NodePrograms.CommandAsync("library.mjs");
            await using var database = await Databases.PostgreSqlAsync();
            Array.ForEach([library, manner, jobs.ToString(CultureInfo.InvariantCulture), database.Address.ToString()], start.ArgumentList.Add);
            start.RedirectStandardOutput = true;

            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            var line = output.Split('\n').LastOrDefault(line => line.StartsWith(Mark, StringComparison.Ordinal))
                ?? throw new InvalidOperationException($"{library}, {manner}: exit code {process.ExitCode}. It wrote: {output}");
            using var rates = JsonDocument.Parse(line[Mark.Length..]);
            yield return new LibraryRates(library, manner, rates.RootElement.GetProperty("added").GetDouble(), rates.RootElement.GetProperty("worked").GetDouble());
        }
    }
}
