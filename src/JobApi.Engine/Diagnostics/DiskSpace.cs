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
    private readonly WatchedDisk[] _disks;
    private readonly IDiskProbe _probe;
    private readonly long _floor;
    private readonly ILogger<DiskSpace> _logger;
    private readonly ConcurrentDictionary<DiskUse, long> _free = new();
    private readonly ConcurrentDictionary<DiskUse, bool> _short = new();

    /// <summary>Takes a first look.</summary>
    public DiskSpace(IEnumerable<WatchedDisk> disks, IDiskProbe probe, IOptions<DiskOptions> options, ILogger<DiskSpace> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_disks, _probe, _floor, _logger) = ([.. disks], probe, options.Value.MinFreeBytes, logger);
        Look();
    }

    /// <summary>Free bytes by use; a disk that did not answer is missing.</summary>
    public IReadOnlyDictionary<DiskUse, long> FreeBytes => _free;

    /// <summary>Why this node should get no traffic now; null when there is room.</summary>
    public string? ShortBecause => _short.IsEmpty ? null : "disk short";

    /// <summary>Whether the room for this is below the floor.</summary>
    public bool IsShortOf(DiskUse use) => _short.ContainsKey(use);

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

    [LoggerMessage(Level = LogLevel.Debug, Message = "The disk of {Folder} does not say how much is free")]
    private static partial void LogUnknown(ILogger logger, Exception exception, string folder);
}
