using JobApi.Benchmarks;
using JobApi.Benchmarks.Measures;

IMeasure[] all =
[
    new StartMeasure(), new IdleMeasure(), new PickUpMeasure(), new ImageMeasure(), new ManyImagesMeasure(), new VolumeMeasure(),
    new BacklogMeasure("backlog-none", 10_000), new BacklogMeasure("backlog-1m", 1_000_000), new BacklogMeasure("backlog-10m", 10_000_000),
];
var chosen = args.Length == 0 ? all : [.. all.Where(measure => args.Contains(measure.Name))];

if (chosen.Length == 0)
{
    Console.Error.WriteLine($"Usage: dotnet run -c Release --project tests/JobApi.Benchmarks -- [{string.Join("|", all.Select(measure => measure.Name))}] ...");
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
