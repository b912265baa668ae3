using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Diagnostics;

/// <summary>What a disk is needed for.</summary>
public enum DiskUse
{
    /// <summary>Jobs, their payloads and results.</summary>
    Jobs,

    /// <summary>Uploaded and produced files.</summary>
    Files,
}

/// <summary>A folder that the server writes to.</summary>
/// <param name="Use">What for.</param>
/// <param name="Folder">Its full path.</param>
public sealed record WatchedDisk(DiskUse Use, string Folder);

/// <summary>
/// The room on the disks that the server writes to, as it was found at the latest look: asking costs nothing. Uses without a
/// <see cref="WatchedDisk"/> need no disk and are never short.
/// </summary>
public sealed partial class DiskSpace
{
    /// <summary>How long a disk that was found full is taken for full, unless something finds room meanwhile: as long as those who were refused are asked to wait.</summary>
    public static readonly TimeSpan FullFor = TimeSpan.FromMinutes(1);

    private readonly WatchedDisk[] _disks;
    private readonly IDiskProbe _probe;
    private readonly long _floor;
    private readonly ILogger<DiskSpace> _logger;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<DiskUse, long> _free = new();
    private readonly ConcurrentDictionary<DiskUse, bool> _short = new();

    /// <summary>When the store last found no room; 0 when it has found some since.</summary>
    private long _fullAt;

    /// <summary>Takes a first look.</summary>
    public DiskSpace(IEnumerable<WatchedDisk> disks, IDiskProbe probe, IOptions<DiskOptions> options, ILogger<DiskSpace> logger, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_disks, _probe, _floor, _logger, _time) = ([.. disks], probe, options.Value.MinFreeBytes, logger, time);
        Look();
    }

    /// <summary>Free bytes by use; a disk that did not answer is missing.</summary>
    public IReadOnlyDictionary<DiskUse, long> FreeBytes => _free;

    /// <summary>Why this node should get no traffic now; null when there is room.</summary>
    public string? ShortBecause => !_short.IsEmpty ? "disk short" : WasFull ? "disk full" : null;

    private bool WasFull => Interlocked.Read(ref _fullAt) is not 0 and var at && _time.GetElapsedTime(at) < FullFor;

    /// <summary>Whether the room for this is below the floor.</summary>
    public bool IsShortOf(DiskUse use) => _short.ContainsKey(use);

    /// <summary>The store had no room for new jobs, whatever the disk says is free: its file may have a bound.</summary>
    internal void IsFull()
    {
        if (Interlocked.Exchange(ref _fullAt, _time.GetTimestamp()) == 0)
        {
            LogFull(_logger);
        }
    }

    /// <summary>The store had room for new jobs.</summary>
    internal void HasRoom()
    {
        // Each submission comes by here, so the usual case writes nothing.
        if (Interlocked.Read(ref _fullAt) != 0 && Interlocked.Exchange(ref _fullAt, 0) != 0)
        {
            LogFullNoMore(_logger);
        }
    }

    /// <summary>Asks all disks. Once is enough for the log: it hears of a change and not of a state.</summary>
    public void Look()
    {
        foreach (var (use, folder) in _disks)
        {
            if (Ask(folder) is not { } free)
            {
                // A disk that cannot be asked may well take a write: the write itself will tell.
                _free.TryRemove(use, out _);
                continue;
            }

            _free[use] = free;

            if (free < _floor && _short.TryAdd(use, true))
            {
                LogShort(_logger, folder, free, _floor);
            }
            else if (free >= _floor && _short.TryRemove(use, out _))
            {
                LogRoom(_logger, folder, free);
            }
        }
    }

    private long? Ask(string folder)
    {
        try
        {
            return _probe.FreeBytes(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogUnknown(_logger, exception, folder);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The disk of {Folder} is short: {Free} bytes are free, the floor is {Floor}; nothing new is taken in")]
    private static partial void LogShort(ILogger logger, string folder, long free, long floor);

    [LoggerMessage(Level = LogLevel.Information, Message = "The disk of {Folder} has room again: {Free} bytes are free")]
    private static partial void LogRoom(ILogger logger, string folder, long free);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store has no room for new jobs: its disk is full, or its file as large as it may be; they are refused")]
    private static partial void LogFull(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "The store has room for new jobs again")]
    private static partial void LogFullNoMore(ILogger logger);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The disk of {Folder} does not say how much is free")]
    private static partial void LogUnknown(ILogger logger, Exception exception, string folder);
}
