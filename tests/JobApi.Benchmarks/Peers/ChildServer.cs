using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace JobApi.Benchmarks.Peers;

/// <summary>A program that serves until it is disposed of, in a temporary folder of its own.</summary>
internal sealed class ChildServer : IAsyncDisposable
{
    /// <summary>What our own servers write before their address once they listen.</summary>
    public const string ListeningMark = "Now listening on: ";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    // Whoever disposes, and however often, waits for the one end.
    private readonly Lazy<Task> _end;

    private ChildServer(Process process, DirectoryInfo folder, Uri address)
    {
        _process = process;
        _folder = folder;
        _end = new Lazy<Task>(EndAsync);
        Address = address;
    }

    public Uri Address { get; }

    public int Id => _process.Id;

    /// <summary>A port that was free a moment ago, for programs that cannot choose one themselves.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A verb of this program, with the garbage collector that a web project has unless it says otherwise.</summary>
    public static Task<ChildServer> StartVerbAsync(params string[] arguments) => StartAsync(
        new ProcessStartInfo("dotnet", ["exec", typeof(ChildServer).Assembly.Location, .. arguments]) { Environment = { ["DOTNET_gcServer"] = "1" } });

    /// <summary>Starts a program and returns once it has written a line that says it is ready.</summary>
    /// <param name="start">What to start.</param>
    /// <param name="ready">A part of that line; after our own mark follows the address.</param>
    /// <param name="address">Where it listens, if the line does not say.</param>
    /// <param name="folder">Its working folder, deleted with it; a new one when absent.</param>
    public static async Task<ChildServer> StartAsync(ProcessStartInfo start, string ready = ListeningMark, Uri? address = null, DirectoryInfo? folder = null)
    {
        folder ??= Directory.CreateTempSubdirectory("jobapi-peer-");
        start.WorkingDirectory = folder.FullName;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;

        var written = new List<string>();
        var line = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, output) => Look(output.Data);
        process.ErrorDataReceived += (_, output) => Look(output.Data);
        process.Exited += (_, _) => line.TrySetException(new InvalidOperationException($"{start.FileName} ended before it was ready."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        try
        {
            var found = await line.Task.WaitAsync(StartLimit);
            return new ChildServer(process, folder, address ?? new Uri(found[(found.IndexOf(ListeningMark, StringComparison.Ordinal) + ListeningMark.Length)..]));
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException)
        {
            if (process.HasExited)
            {
                // Its last words may still be on their way.
                await process.WaitForExitAsync();
            }

            await new ChildServer(process, folder, new Uri("http://never.invalid")).DisposeAsync();

            lock (written)
            {
                throw new InvalidOperationException($"{start.FileName} did not start. It wrote:\n{string.Join('\n', written)}", exception);
            }
        }

        void Look(string? text)
        {
            if (line.Task.IsCompletedSuccessfully || text is null)
            {
                return;
            }

            lock (written)
            {
                written.Add(text);
            }

            if (text.Contains(ready, StringComparison.Ordinal))
            {
                line.TrySetResult(text);
            }
        }
    }

    /// <summary>
    /// Asks processes to end, before anybody kills them: a database that is killed leaves its shared memory behind. SIGINT is what stops all of ours at once.
    /// </summary>
    /// <returns>What asks them.</returns>
    public static Process Ask(IEnumerable<int> processes) => Process.Start("sh", ["-c", $"kill -INT {string.Join(' ', processes)}"]);

    public ValueTask DisposeAsync() => new(_end.Value);

    private async Task EndAsync()
    {
        if (!_process.HasExited)
        {
            await StopAsync();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task StopAsync()
    {
        using (var asked = Ask([Id]))
        {
            await asked.WaitForExitAsync();
        }

        using var limit = new CancellationTokenSource(StopLimit);

        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
