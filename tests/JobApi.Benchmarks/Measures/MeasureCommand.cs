using JobApi.Benchmarks.Comparing;

namespace JobApi.Benchmarks.Measures;

/// <summary>The measures of a single server: all of them, or those that are named.</summary>
internal static class MeasureCommand
{
    public static IReadOnlyList<IMeasure> All { get; } =
    [
        new StartMeasure(), new IdleMeasure(), new PickUpMeasure(), new ImageMeasure(), new ManyImagesMeasure(), new VolumeMeasure(),
        new WorkersMeasure(), new GrowthMeasure("growth-3m", 3), new GrowthMeasure("growth-10m", 10),
        new BacklogMeasure("backlog-none", 10_000), new BacklogMeasure("backlog-1m", 1_000_000), new BacklogMeasure("backlog-10m", 10_000_000),
        new SearchMeasure("search-100k", 100_000), new SearchMeasure("search-1m", 1_000_000),
        new WaitersMeasure(),
    ];

    public static async Task<int> RunAsync(string[] names)
    {
        IMeasure[] chosen = [.. All.Where(measure => names.Length == 0 || names.Contains(measure.Name))];

        if (chosen.Length == 0)
        {
            Console.Error.WriteLine($"""
                Usage: dotnet run -c Release --project tests/JobApi.Benchmarks -- [{string.Join("|", All.Select(measure => measure.Name))}] ...
                       dotnet run -c Release --project tests/JobApi.Benchmarks -- {CompareOptions.Usage}
                """);
            return 2;
        }

        Console.WriteLine($"{Environment.ProcessorCount} processors, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, .NET {Environment.Version}");
        Console.WriteLine("| what | measured | bar | |");
        Console.WriteLine("|---|---|---|---|");

        foreach (var measure in chosen)
        {
            await foreach (var measurement in measure.RunAsync())
            {
                Console.WriteLine(measurement);
            }
        }

        return 0;
    }
}
