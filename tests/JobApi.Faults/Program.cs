using JobApi.Faults.Runs;

if (RunOptions.Read(args) is not { } options)
{
    Console.Error.WriteLine(RunOptions.Usage);
    return LongRun.Misused;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    // Servers and folders are cleaned up first.
    key.Cancel = true;
    stop.Cancel();
};

try
{
    return await LongRun.RunAsync(options, Console.Out, stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Given up.");
    return LongRun.GivenUp;
}
