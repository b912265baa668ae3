using System.IO.MemoryMappedFiles;
using System.Numerics;
using System.Text;

namespace JobApi.Faults.Disk;

/// <summary>The file that a running program and the harness have mapped, as <c>Native/disk.h</c> lays it out.</summary>
internal sealed class DiskControl : IDisposable
{
    private const long ClockAt = 8;
    private const long RoomAt = 16;
    private const long CountsAt = 32;
    private const long RulesAt = 512;
    private const int RuleBytes = 128;
    private const int MaxRules = 16;
    private const int MaxPathBytes = 63;
    private const int CallsCounted = 8;
    private const long SlotsAt = 4_096;
    private const long Bytes = SlotsAt + ((1L << 18) * 16);

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public DiskControl(string path)
    {
        Path = path;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.CreateNew, mapName: null, Bytes);
        _view = _file.CreateViewAccessor();
        Room = null;
        ForgetFiles();
    }

    public string Path { get; }

    /// <summary>The start of the mapping, for the library's own functions.</summary>
    public nint Address => _view.SafeMemoryMappedViewHandle.DangerousGetHandle();

    public long ClockNanoseconds
    {
        get => _view.ReadInt64(ClockAt);
        set => _view.Write(ClockAt, value);
    }

    /// <summary>Bytes that files may still grow by; null for no bound.</summary>
    public long? Room
    {
        get => _view.ReadInt64(RoomAt) is >= 0 and var room ? room : null;
        set => _view.Write(RoomAt, value ?? -1);
    }

    public long Count(DiskKind kind, DiskCalls call) =>
        _view.ReadInt64(CountsAt + (8 * (((int)kind * CallsCounted) + BitOperations.TrailingZeroCount((int)call))));

    /// <summary>Writes a rule into a free place and gives that place.</summary>
    public int Arm(DiskFault fault)
    {
        var path = Encoding.UTF8.GetBytes(fault.Path);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(path.Length, MaxPathBytes);

        for (var place = 0; place < MaxRules; place++)
        {
            var at = RulesAt + (place * RuleBytes);

            if (_view.ReadInt32(at) != 0)
            {
                continue;
            }

            _view.Write(at + 4, (int)fault.Calls);
            _view.Write(at + 8, (int)fault.Action);
            _view.Write(at + 12, (int)fault.Error);
            _view.Write(at + 16, fault.After);
            _view.Write(at + 24, fault.Times ?? -1);
            _view.Write(at + 32, 0L);
            _view.WriteArray(at + 64, [.. path, .. new byte[MaxPathBytes + 1 - path.Length]], 0, MaxPathBytes + 1);

            // Last: from here on the program sees it.
            Thread.MemoryBarrier();
            _view.Write(at, 1);

            return place;
        }

        throw new InvalidOperationException($"No more than {MaxRules} faults can be armed at once.");
    }

    public void Disarm(int place) => _view.Write(RulesAt + (place * RuleBytes), 0);

    public long Hits(int place) => _view.ReadInt64(RulesAt + (place * RuleBytes) + 32);

    /// <summary>Forgets which file is which, so that the next program takes the folder as it finds it. No program may run.</summary>
    public void ForgetFiles()
    {
        _view.Write(0, 1L);
        _view.WriteArray(SlotsAt, new byte[Bytes - SlotsAt], 0, (int)(Bytes - SlotsAt));
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
