using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace JobApi.Testing;

/// <summary>
/// The built server as a process of its own, for what only a real process shows: start-up, signals, exit codes, loopback. It listens on
/// a free port of 127.0.0.1, works in a temporary folder and dies, with that folder, when it is disposed of.
/// </summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly bool _ownsFolder;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Replaced with every line: who waits for the next one holds the current.
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process, string folder, bool ownsFolder)
    {
        _process = process;
        _ownsFolder = ownsFolder;
        Folder = folder;
        Client = new HttpClient();
    }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:40123</c>.</summary>
    public Uri Address => Client.BaseAddress!;

    /// <summary>Talks to the server; its base address is set.</summary>
    public HttpClient Client { get; }

    /// <summary>The folder it was started in: where relative paths of its settings lead.</summary>
    public string Folder { get; }

    /// <summary>The operating system's id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Ends when the process has, whoever ended it.</summary>
    public Task Exited => _exited.Task;

    /// <summary>How it ended; only when it has.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What it has written to both its outputs so far, line by line.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>Its memory in use, in bytes, as the operating system counts it now.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The server's assembly, of the configuration (Debug, Release) these tests were built in.</summary>
    public static string Assembly
    {
        get
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(Repository, "src", "JobApi", "bin", output.Parent!.Name, output.Name, "JobApi.dll");
        }
    }

    /// <summary>The folder of the solution these tests were built from.</summary>
    public static string Repository
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "JobApi.sln")))
                {
                    return folder.FullName;
                }
            }

            throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds JobApi.sln.");
        }
    }

    /// <summary>Starts the server and returns once it listens.</summary>
    /// <param name="arguments">Settings as on a command line, such as <c>--JobApi:Workers:MinWorkers=2</c>.</param>
    /// <exception cref="InvalidOperationException">It ended, or did not listen in time; the message holds what it wrote.</exception>
    public static Task<ServerProcess> StartAsync(params string[] arguments) => StartAsync(new ServerSetup { Arguments = arguments });

    /// <summary>Starts the server and returns once it listens.</summary>
    /// <exception cref="InvalidOperationException">It ended, or did not listen in time; the message holds what it wrote.</exception>
    public static async Task<ServerProcess> StartAsync(ServerSetup setup)
    {
        var assembly = setup.Assembly ?? Assembly;

        if (!File.Exists(assembly))
        {
            throw new InvalidOperationException($"{assembly} is missing: build src/JobApi in the configuration of these tests first.");
        }

        var folder = setup.Folder ?? Directory.CreateTempSubdirectory("jobapi-").FullName;
        var start = new ProcessStartInfo("dotnet", ["exec", assembly, "--urls", "http://127.0.0.1:0", .. setup.Arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Whatever the tests' own host was told must not reach the server.
        start.Environment.Remove("ASPNETCORE_URLS");
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";

        foreach (var (name, value) in setup.Environment)
        {
            start.Environment[name] = value;
        }

        var server = new ServerProcess(new Process { StartInfo = start, EnableRaisingEvents = true }, folder, ownsFolder: setup.Folder is null);

        try
        {
            server.Start();
            server.Client.BaseAddress = await server._listening.Task.WaitAsync(StartLimit);
            return server;
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException)
        {
            if (server._process.HasExited)
            {
                // Its last words may still be on their way.
                await server._process.WaitForExitAsync();
            }

            var written = string.Join(Environment.NewLine, server._output);
            await server.DisposeAsync();
            throw new InvalidOperationException($"The server did not start. {exception.Message} It wrote:{Environment.NewLine}{written}", exception);
        }
    }

    /// <summary>Asks it to stop as a service manager does (SIGTERM) and waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        return await WaitForExitAsync();
    }

    /// <summary>Sends it a signal by name, such as <c>TERM</c>, <c>INT</c> or <c>STOP</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        // The shell's own kill: it exists wherever a shell does.
        using var kill = Process.Start("sh", ["-c", $"kill -{signal} {Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until it has written a line that contains this text, and gives that line.</summary>
    public async Task<string> LineAsync(string text)
    {
        using var limit = new CancellationTokenSource(StartLimit);

        while (true)
        {
            // Taken before the look, so that no line can fall between the two.
            var written = Volatile.Read(ref _written).Task;

            if (_output.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }

            await written.WaitAsync(limit.Token);
        }
    }

    /// <summary>Ends it as a power cut would (SIGKILL): nothing is flushed, nothing is said.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends SIGKILL and does not wait: for whoever wants to hit a moment. One that has ended already stays so.</summary>
    public void KillNow() => _process.Kill();

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        // The token's sources are of the tests: a hung server must fail a test, not hang it.
        using var limit = new CancellationTokenSource(StopLimit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        Client.Dispose();
        _process.Dispose();

        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private void Start()
    {
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) =>
        {
            _exited.TrySetResult();
            _listening.TrySetException(new InvalidOperationException($"The process ended before it listened, with exit code {_process.ExitCode}."));
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        Interlocked.Exchange(ref _written, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

        if (ListeningLine().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"Now listening on:? (http://[\w.\[\]:]+\d)")]
    private static partial Regex ListeningLine();
}
