using System.Diagnostics;
using System.Runtime.InteropServices;
using JobApi.Benchmarks.Peers;

namespace JobApi.Benchmarks;

/// <summary>Where a run keeps its temporary files. Neither they nor the processes it started outlive it, unless it is killed: a backlog takes gigabytes.</summary>
internal sealed class Workspace : IDisposable
{
    private const int Interrupted = 130;
    private const int DeleteAttempts = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly Lock _leaving = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jobapi-benchmarks-");
    private readonly PosixSignalRegistration[] _signals;
    private bool _isLeft;

    public Workspace()
    {
        if (!OperatingSystem.IsWindows())
        {
            // A database runs as a user of its own, who has to get to its folder in here.
            File.SetUnixFileMode(_folder.FullName, _folder.UnixFileMode | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        Environment.SetEnvironmentVariable("TMPDIR", _folder.FullName);
        _signals = Array.ConvertAll(
            [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT], signal => PosixSignalRegistration.Create(signal, Interrupt));
    }

    public void Dispose()
    {
        lock (_leaving)
        {
            Leave();
        }
    }

    /// <summary>The run knows nothing of it and goes on meanwhile; should it come to its own end first, it waits for this one.</summary>
    private void Interrupt(PosixSignalContext context)
    {
        context.Cancel = true;

        lock (_leaving)
        {
            Leave();
            Environment.Exit(Interrupted);
        }
    }

    private void Leave()
    {
        if (_isLeft)
        {
            return;
        }

        _isLeft = true;

        try
        {
            // The run may start another one when the one it talks to is gone.
            while (ProcTree.ChildrenOf(Environment.ProcessId) is { Count: > 0 } children)
            {
                Stop(children);
            }
        }
        finally
        {
            Delete();
        }
    }

    private static void Stop(IReadOnlyCollection<int> children)
    {
        using (var asked = ChildServer.Ask(children))
        {
            asked.WaitForExit();
        }

        foreach (var id in children)
        {
            try
            {
                using var child = Process.GetProcessById(id);

                if (!child.WaitForExit(StopLimit))
                {
                    child.Kill(entireProcessTree: true);
                }
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
            {
                // It has ended by itself.
            }
        }
    }

    /// <summary>Those who made what is in here may just be deleting it themselves.</summary>
    private void Delete()
    {
        for (var left = DeleteAttempts; left > 0; left--)
        {
            try
            {
                _folder.Delete(recursive: true);
                return;
            }
            catch (IOException) when (left > 1)
            {
                Task.Delay(Pause, TimeProvider.System).Wait();
            }
            catch (IOException exception)
            {
                Console.Error.WriteLine($"{_folder.FullName} is left behind: {exception.Message}");
            }
        }
    }
}
