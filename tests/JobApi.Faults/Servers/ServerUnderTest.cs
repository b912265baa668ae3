using System.Diagnostics;
using JobApi.Faults.Checking;
using JobApi.Faults.Disk;
using JobApi.Faults.Load;
using JobApi.Testing;

namespace JobApi.Faults.Servers;

/// <summary>
/// The real server on a data folder that outlives it: it is started on that folder again and again, and everything that is done to it is
/// written down. One that ends without having been ended is a violation.
/// </summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private const int Words = 30;

    private readonly Recorder _recorder;
    private readonly ServerChoices _choices;
    private TaskCompletionSource<ServerProcess> _ready = NotReady();
    private ServerProcess? _process;
    private volatile bool _endIsExpected;

    public ServerUnderTest(Recorder recorder, ServerChoices choices)
    {
        _recorder = recorder;
        _choices = choices;
        Disk = choices.OnFaultyDisk ? new FaultyDisk() : null;
        DataFolder = Disk?.Data ?? Directory.CreateTempSubdirectory("jobapi-faults-").FullName;
    }

    /// <summary>The disk of the data folder, where the fault asked for one.</summary>
    public FaultyDisk? Disk { get; }

    /// <summary>The folder with everything the server keeps.</summary>
    public string DataFolder { get; }

    /// <summary>The file with the jobs.</summary>
    public string DataFile => FileIn(DataFolder);

    /// <summary>The process that runs now, or ran last.</summary>
    public ServerProcess Process => _process ?? throw new InvalidOperationException("The server has not been started yet.");

    /// <summary>Where the jobs of a data folder are.</summary>
    public static string FileIn(string dataFolder) => Path.Combine(dataFolder, "jobs.db");

    /// <summary>Completes with a process that was ready; at once while one is.</summary>
    public Task<ServerProcess> ReadyAsync(CancellationToken cancellationToken) => Volatile.Read(ref _ready).Task.WaitAsync(cancellationToken);

    /// <summary>How a server is started on a data folder; the second one of a folder too.</summary>
    public ServerSetup Setup(string dataFolder) => _choices.ToSetup(dataFolder, Disk?.Environment ?? new Dictionary<string, string>());

    /// <summary>Whether it may end at any moment without having been ended by us.</summary>
    public bool MayEnd { get; set; }

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended first.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await TryStartAsync(cancellationToken))
        {
            throw new InvalidOperationException($"The server ended before it was ready. It wrote:{Environment.NewLine}{LastWords(Process)}");
        }
    }

    /// <summary>The same; false when it ended before it was ready.</summary>
    public async Task<bool> TryStartAsync(CancellationToken cancellationToken)
    {
        if (_process is { } before)
        {
            await before.DisposeAsync();
        }

        var begun = Stopwatch.GetTimestamp();
        var process = _process = await ServerProcess.StartAsync(Setup(DataFolder));
        _endIsExpected = false;
        _ = ReportEndAsync(process);

        while ((await Api.GetAsync(process.Client, "/health/ready", cancellationToken)).Status != 200)
        {
            if (process.Exited.IsCompleted)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken);
        }

        _recorder.Ready(Stopwatch.GetElapsedTime(begun));
        Volatile.Read(ref _ready).TrySetResult(process);

        return true;
    }

    /// <summary>From now on clients wait for the next start, and an end is no violation.</summary>
    public void ExpectEnd()
    {
        _endIsExpected = true;
        Close(Process);
    }

    /// <summary>Until the next start an end is no violation; clients go on until it comes.</summary>
    public void AllowEnd() => _endIsExpected = true;

    /// <summary>Kills it (SIGKILL) without a word and waits until it is dead.</summary>
    public async Task KillAsync()
    {
        var from = _recorder.Now;
        ExpectEnd();
        Process.KillNow();
        await DiedAsync(from);
    }

    /// <summary>Waits until a process that something else kills is dead.</summary>
    /// <param name="from">The earliest moment it can have died.</param>
    public async Task DiedAsync(DateTimeOffset from)
    {
        await Process.WaitForExitAsync();
        _recorder.Disturbed(DisturbanceKind.Death, from);
    }

    /// <summary>Asks it to stop (SIGTERM) and waits for its end, which must be a clean one. Clients go on meanwhile: they are to be refused, not forgotten.</summary>
    public async Task StopAsync()
    {
        var from = _recorder.Now;
        _endIsExpected = true;
        var exitCode = await Process.StopAsync();
        ExpectEnd();
        _recorder.Disturbed(DisturbanceKind.Stop, from);

        if (exitCode != 0)
        {
            _recorder.Broken($"A server that was asked to stop ended with exit code {exitCode}. It wrote:{Environment.NewLine}{LastWords(Process)}");
        }
    }

    /// <summary>Freezes it (SIGSTOP) for a while, then lets it go on.</summary>
    public async Task PauseAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        var from = _recorder.Now;
        await Process.SignalAsync("STOP");
        await Task.Delay(length, TimeProvider.System, cancellationToken);
        await Process.SignalAsync("CONT");
        _recorder.Disturbed(DisturbanceKind.Pause, from);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            ExpectEnd();
            await process.DisposeAsync();
        }

        if (Disk is null)
        {
            Directory.Delete(DataFolder, recursive: true);
        }
        else
        {
            Disk.Dispose();
        }
    }

    private async Task ReportEndAsync(ServerProcess process)
    {
        await process.Exited;
        Close(process);

        if (process == _process && !_endIsExpected && !MayEnd)
        {
            _recorder.Broken($"The server ended by itself. It wrote:{Environment.NewLine}{LastWords(process)}");
        }
    }

    private void Close(ServerProcess process)
    {
        if (Volatile.Read(ref _ready).Task is { IsCompleted: true, Result: var ready } && ready == process)
        {
            Volatile.Write(ref _ready, NotReady());
        }
    }

    private static string LastWords(ServerProcess process) => string.Join(Environment.NewLine, process.Output.TakeLast(Words));

    private static TaskCompletionSource<ServerProcess> NotReady() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
