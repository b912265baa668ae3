using System.Diagnostics;
using JobApi.Sqlite.Database;
using JobApi.Sqlite.Tables;
using Microsoft.Data.Sqlite;

namespace JobApi.Sqlite.Searching;

/// <summary>
/// Follows the data file: reads new jobs by their numbers and changed ones from their journal, on a connection of its own, and takes their words into the index. It is a step at a time, by one
/// caller at a time; the file it keeps may be looked at by anybody meanwhile.
/// </summary>
internal sealed class SearchIndex : IDisposable
{
    /// <summary>Jobs whose words are in memory at a time: 16 KiB each at most.</summary>
    private const int Chunk = 250;

    /// <summary>A step takes about so long: the transaction of the index, and what others wait for on a machine with few processors.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);

    private readonly string _dataFile;
    private volatile SearchFile? _file;
    private Db? _source;
    private SearchSweep? _sweep;

    /// <param name="dataFile">The file that is indexed. Nothing was written into it yet.</param>
    public SearchIndex(string dataFile)
    {
        _dataFile = dataFile;

        try
        {
            _source = Connections.OpenReader(dataFile);
            _file = SearchFiles.TryOpen(dataFile, _source);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            // No start fails for an index: the first step makes it anew.
        }
    }

    /// <summary>The index; null until there is one.</summary>
    public SearchFile? File => _file is { IsDamaged: false } file ? file : null;

    /// <summary>The SQL texts it has asked the data file.</summary>
    public IEnumerable<string> Texts => _source?.Texts ?? [];

    /// <returns>Whether nothing was left to do.</returns>
    /// <exception cref="SqliteException">The index cannot be written now.</exception>
    /// <exception cref="IOException">The same.</exception>
    public bool Step()
    {
        var start = Stopwatch.GetTimestamp();
        _source ??= Connections.OpenReader(_dataFile);
        var file = Ready(_source);

        try
        {
            while (Stopwatch.GetElapsedTime(start) < Slice)
            {
                if (!Follow(file, _source) && !Tidy(file, _source))
                {
                    return true;
                }
            }

            return false;
        }
        catch (SqliteException exception) when (SearchFiles.IsDamage(exception))
        {
            file.Break();
            throw;
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _source?.Dispose();
    }

    private SearchFile Ready(Db source)
    {
        if (_file is { IsDamaged: true } broken)
        {
            _file = null;
            broken.Dispose();
            SearchFiles.Delete(SearchFiles.PathOf(_dataFile));
        }

        return _file ??= SearchFiles.Make(_dataFile, source);
    }

    /// <summary>Changes before new jobs: a job that is new is read with its changes anyway.</summary>
    private static bool Follow(SearchFile file, Db source)
    {
        var position = file.Position;

        if (SearchSource.Changes(source, position.Change, Chunk) is { Count: > 0 } changes)
        {
            var changed = changes.Select(change => change.Sequence).Distinct()
                .Where(sequence => sequence <= position.Sequence)
                .Select(sequence => (Sequence: sequence, Words: JobTexts.Of(source, sequence)!))
                .Where(job => job.Words is not null)
                .ToList();
            file.Write(changed.ConvertAll(job => job.Sequence), changed, position with { Change = changes[^1].Number });

            return true;
        }

        if (JobTexts.After(source, position.Sequence, Chunk) is { Count: > 0 } added)
        {
            file.Write([], added, position with { Sequence = added[^1].Sequence, Documents = position.Documents + added.Count });

            return true;
        }

        return false;
    }

    /// <summary>Looks for jobs that are no more when there are many of them; a search does not show them anyway.</summary>
    private bool Tidy(SearchFile file, Db source)
    {
        if (_sweep is null && SearchSweep.IsDue(file.Position, SearchSource.Jobs(source)))
        {
            _sweep = new SearchSweep(file);
        }

        if (_sweep?.Next(source) != true)
        {
            _sweep = null;
            return false;
        }

        return true;
    }
}
