namespace JobApi.Faults.Disk;

/// <summary>
/// A folder on a disk that fails on demand. A program started with <see cref="Environment"/> finds it below <see cref="Data"/>; faults are armed and
/// disarmed while it runs, and when it is dead <see cref="CutPower"/> leaves in the folder what a real disk would hold. One program at a time.
/// What the model is, and where it is harsher than a file system, is said in <c>Native/disk.h</c>.
/// </summary>
internal sealed class FaultyDisk : IDisposable
{
    private const long NanosecondsPerTick = 100;

    private readonly string _folder = Directory.CreateTempSubdirectory("jobapi-disk-").FullName;
    private readonly DiskControl _control;

    public FaultyDisk()
    {
        Data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        Directory.CreateDirectory(Shadow);
        _control = new DiskControl(Path.Combine(_folder, "control"));
        Environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = DiskLibrary.Path,
            ["JOBAPI_DISK_DATA"] = Data,
            ["JOBAPI_DISK_SHADOW"] = Shadow,
            ["JOBAPI_DISK_CONTROL"] = _control.Path,
        };
    }

    /// <summary>The folder whose files are on this disk.</summary>
    public string Data { get; }

    /// <summary>What a program must be started with.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Bytes that files may still grow by; 0 for a full disk, null for no bound. Removing and shortening files gives room back.</summary>
    public long? Room
    {
        get => _control.Room;
        set => _control.Room = value;
    }

    /// <summary>How far the program's time of day is off; the clock that measures durations is not touched. Default none.</summary>
    public TimeSpan ClockOffset
    {
        get => TimeSpan.FromTicks(_control.ClockNanoseconds / NanosecondsPerTick);
        set => _control.ClockNanoseconds = value.Ticks * NanosecondsPerTick;
    }

    private string Shadow => Path.Combine(_folder, "shadow");

    /// <summary>Arms a fault; it is in force until what is returned is disposed of.</summary>
    public ArmedFault Arm(DiskFault fault) => new(_control, _control.Arm(fault));

    /// <summary>How many calls of one kind the program has made.</summary>
    /// <param name="kind">On which files.</param>
    /// <param name="call">Exactly one of the calls.</param>
    public long Count(DiskKind kind, DiskCalls call) => _control.Count(kind, call);

    /// <summary>The power fails: the folder then holds what was durable, and that is where the next program begins. No program may run.</summary>
    /// <param name="cut">What becomes of what was not durable.</param>
    public void CutPower(PowerCut cut)
    {
        // A disk that no program has seen has nothing to lose.
        if (!File.Exists(DiskTree.ListOf(Shadow, DiskTree.Durable, DiskTree.Root)))
        {
            return;
        }

        DiskLibrary.List(_control, Data, Shadow);
        var after = Path.Combine(_folder, "after");
        new DiskTree(Shadow, Data, cut).Build(after);

        // What lies in memory goes with the machine, and a server knows that a machine went down by its boot, which cannot be changed from here.
        Directory.EnumerateFiles(after, "*-shm", SearchOption.AllDirectories).ToList().ForEach(File.Delete);

        Directory.Delete(Data, recursive: true);
        Directory.Move(after, Data);
        Directory.Delete(Shadow, recursive: true);
        Directory.CreateDirectory(Shadow);
        _control.ForgetFiles();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _control.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>A fault in force.</summary>
internal sealed class ArmedFault(DiskControl control, int place) : IDisposable
{
    /// <summary>How often it has struck.</summary>
    public long Hits => control.Hits(place);

    /// <inheritdoc />
    public void Dispose() => control.Disarm(place);
}
