using System.Diagnostics;
using System.Runtime.InteropServices;
using JobApi.Benchmarks.Peers;

namespace JobApi.Benchmarks;

/// <summary>Where a run keeps its temporary files. Neither they nor the processes it started outlive it, however it ends: a backlog takes gigabytes.</summary>
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
        _signals = Array.ConvertAll([PosixSignal.SIGINT, PosixSignal.SIGTERM], signal => PosixSignalRegistration.Create(signal, Interrupt));
    }

    public void Dispose()
    {
        lock (_leaving)
        {
            if (!_isLeft)
            {
                _isLeft = true;
                StopChildren();
                Delete();
            }
        }
    }

    private void Interrupt(PosixSignalContext context)
    {
        context.Cancel = true;
        Dispose();
        Environment.Exit(Interrupted);
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

    /// <summary>Asks them first, and kills who does not listen: a database that is killed leaves its shared memory behind.</summary>
    private static void StopChildren()
    {
        var children = ProcTree.ChildrenOf(Environment.ProcessId).Select(Process.GetProcessById).ToList();

        if (children.Count == 0)
        {
            return;
        }

        using (var kill = Process.Start("sh", ["-c", $"kill -INT {string.Join(' ', children.Select(child => child.Id))}"]))
        {
            kill.WaitForExit();
        }

        foreach (var child in children)
        {
            if (!child.WaitForExit(StopLimit))
            {
                child.Kill(entireProcessTree: true);
            }

            child.Dispose();
        }
    }
}
