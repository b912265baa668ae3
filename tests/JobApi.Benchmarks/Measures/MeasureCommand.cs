namespace JobApi.Benchmarks.Measures;

/// <summary>The measures of JobApi by itself.</summary>
internal static class MeasureCommand
{
    private static readonly string[] Smaller = ["growth-3m", "backlog-1m", "search-100k"];

    public static IReadOnlyList<IMeasure> All { get; } =
    [
        new StartMeasure(), new IdleMeasure(), new PickUpMeasure(), new ImageMeasure(), new ManyImagesMeasure(), new VolumeMeasure(),
        new WorkersMeasure(), new GrowthMeasure("growth-3m", 3), new GrowthMeasure("growth-10m", 10),
        new BacklogMeasure("backlog-1m", 1_000_000), new BacklogMeasure("backlog-10m", 10_000_000),
        new SearchMeasure("search-100k", 100_000), new SearchMeasure("search-1m", 1_000_000),
        new WaitersMeasure(),
    ];

    /// <summary>What is run with everything else: no measure beside a larger one of its kind.</summary>
    public static IReadOnlyList<IMeasure> Usual { get; } = [.. All.Where(measure => !Smaller.Contains(measure.Name))];

    /// <summary>Those that are named; null when a name is unknown.</summary>
    public static IReadOnlyList<IMeasure>? Find(string[] names) =>
        Array.TrueForAll(names, name => All.Any(measure => measure.Name == name)) ? [.. All.Where(measure => names.Contains(measure.Name))] : null;

    /// <returns>0, or 1 when a measure failed; a missed bar is a figure.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<IMeasure> measures)
    {
        var status = 0;
        Console.WriteLine($"{Environment.ProcessorCount} processors, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, .NET {Environment.Version}");
        Console.WriteLine("| what | measured | bar | |");
        Console.WriteLine("|---|---|---|---|");

        foreach (var measure in measures)
        {
            try
            {
                await foreach (var measurement in measure.RunAsync())
                {
                    Console.WriteLine(measurement);
                }
            }
            catch (Exception exception)
            {
                // The others go on: a run of all of them takes hours.
                Console.WriteLine($"| {measure.Name} | **failed**: {exception.Message} | | |");
                status = 1;
            }
        }

        return status;
    }
}
