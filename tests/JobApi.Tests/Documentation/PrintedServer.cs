using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.NetworkInformation;
using JobApi.Testing;
using JobApi.Tests.Architecture;

namespace JobApi.Tests.Documentation;

/// <summary>The server, started by the very line that the README prints, on the address that the README prints.</summary>
internal sealed class PrintedServer : IAsyncDisposable
{
    public static readonly Uri Address = new("http://localhost:5080");

    // The printed command may have to build first.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(4);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("jobapi-data-");

    private PrintedServer(string command)
    {
        var start = new ProcessStartInfo(Tool.Find("bash")!, ["-c", command])
        {
            WorkingDirectory = SourceTree.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["JobApi__Sqlite__Path"] = Path.Combine(_data.FullName, "jobs.db");
        start.Environment["JobApi__Files__Folder"] = Path.Combine(_data.FullName, "files");
        start.Environment.Remove("ASPNETCORE_URLS");

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
    }

    /// <summary>Starts it and returns once it listens.</summary>
    /// <exception cref="InvalidOperationException">Its port is in use, or it ended or did not listen in time; then the message holds what it wrote.</exception>
    public static async Task<PrintedServer> StartAsync(string command)
    {
        CheckFree(Address.Port);
        var server = new PrintedServer(command);
        server._process.OutputDataReceived += (_, line) => server.Read(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Read(line.Data);
        server._process.Exited += (_, _) => server._started.TrySetException(new InvalidOperationException("It ended."));
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();

        try
        {
            await server._started.Task.WaitAsync(StartLimit);
            return server;
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException)
        {
            var written = string.Join(Environment.NewLine, server._output);
            await server.DisposeAsync();
            throw new InvalidOperationException($"`{command}` did not listen on {Address}. It wrote:{Environment.NewLine}{written}", exception);
        }
    }

    /// <summary>The printed address has the port it has, so whoever listens there is in the way.</summary>
    /// <exception cref="InvalidOperationException">Somebody listens on this port.</exception>
    public static void CheckFree(int port)
    {
        if (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == port))
        {
            throw new InvalidOperationException($"Port {port} is in use: stop the server there first.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _data.Delete(recursive: true);
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (line.Contains($"Now listening on: {Address.GetLeftPart(UriPartial.Authority)}", StringComparison.Ordinal))
        {
            _started.TrySetResult();
        }
    }
}
