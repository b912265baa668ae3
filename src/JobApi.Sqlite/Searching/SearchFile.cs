using System.Collections.Concurrent;
using System.Collections.Immutable;
using JobApi.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace JobApi.Sqlite.Searching;

/// <summary>How far an index knows its data file.</summary>
/// <param name="Sequence">It knows every job up to this one.</param>
/// <param name="Change">It knows every change up to this one.</param>
/// <param name="Documents">How many jobs are in it, those that were deleted since included.</param>
internal sealed record SearchPosition(long Sequence, long Change, long Documents);

/// <summary>
/// The index in a file of its own beside the data file: a table for each shelf of jobs. It may lag behind and it may be lost, so it is flushed to the disk when its log is
/// copied and not with every commit. One thread writes; searches have connections of their own. Once one of them has found damage, nobody is answered from it any more.
/// </summary>
internal sealed class SearchFile(string path, Db db, SearchPosition position, IEnumerable<long> shelves) : IDisposable
{
    private readonly ConcurrentBag<Db> _idle = [];
    private volatile SearchPosition _position = position;
    private volatile ImmutableSortedSet<long> _shelves = [.. shelves];
    private volatile int _cleared;
    private volatile bool _isClosed;
    private volatile bool _isDamaged;

    public SearchPosition Position => _position;

    /// <summary>The shelves there are.</summary>
    public ImmutableSortedSet<long> Shelves => _shelves;

    /// <summary>The SQL texts that searches have prepared.</summary>
    public IEnumerable<string> Texts => _idle.SelectMany(reader => reader.Texts);

    /// <summary>Whether it has to be made anew.</summary>
    public bool IsDamaged => _isDamaged;

    /// <summary>It is not what it should be, or is not to be trusted.</summary>
    public void Break() => _isDamaged = true;

    /// <summary>The newest jobs of a shelf, below a sequence, in which all of it occurs; null when the file does not answer.</summary>
    public List<long>? Find(long shelf, string expression, long before, int max)
    {
        if (_isDamaged || _isClosed)
        {
            return null;
        }

        Db? reader = null;
        var cleared = _cleared;

        try
        {
            reader = _idle.TryTake(out var idle) ? idle : SearchFiles.OpenReader(path);
            var found = reader[Shelf.Match(shelf)].With(expression, before, (long)max).Numbers();

            // What it has prepared for a shelf that is no more it would keep for ever.
            if (cleared == _cleared)
            {
                _idle.Add(reader);
                reader = null;
            }

            return found;
        }
        catch (SqliteException) when (!_shelves.Contains(shelf) || _isClosed)
        {
            // Cleared away a moment ago.
            return [];
        }
        catch (SqliteException exception)
        {
            // Whatever may pass by itself, such as a lack of descriptors, is no reason to index everything anew.
            if (SearchFiles.IsDamage(exception))
            {
                _isDamaged = true;
            }

            return null;
        }
        finally
        {
            reader?.Dispose();

            if (_isClosed || cleared != _cleared)
            {
                CloseReaders();
            }
        }
    }

    private const string Move = "UPDATE position SET seq = $seq, change = $change, documents = $documents WHERE one = 1";

    /// <summary>Takes words out and in, in one transaction, and moves on.</summary>
    /// <param name="removed">Jobs whose words it forgets.</param>
    /// <param name="added">Jobs and their words.</param>
    /// <param name="next">How far it then knows the data file.</param>
    public void Write(IReadOnlyCollection<long> removed, IReadOnlyCollection<(long Sequence, string Words)> added, SearchPosition next)
    {
        var shelves = _shelves.Union(added.Select(job => Shelf.Of(job.Sequence)));

        Write(() =>
        {
            foreach (var shelf in shelves.Except(_shelves))
            {
                db.Execute(Shelf.Make(shelf));
            }

            foreach (var sequence in removed)
            {
                db[Shelf.Remove(Shelf.Of(sequence))].With(sequence).Run();
            }

            foreach (var (sequence, words) in added)
            {
                db[Shelf.Add(Shelf.Of(sequence))].With(sequence, words).Run();
            }

            db[Move].With(next.Sequence, next.Change, next.Documents).Run();
        });

        (_shelves, _position) = (shelves, next);
    }

    /// <summary>Throws a shelf away of which no job is left.</summary>
    public void Clear(long shelf)
    {
        _shelves = _shelves.Remove(shelf);
        db.Forget(Shelf.List(shelf), Shelf.Add(shelf), Shelf.Remove(shelf));
        Write(() => db.Execute(Shelf.Drop(shelf)));
        _cleared++;
        CloseReaders();
    }

    /// <summary>Which jobs are on a shelf, in order.</summary>
    public List<long> Documents(long shelf, long after, int max) => db[Shelf.List(shelf)].With(after, (long)max).Numbers();

    public void Dispose()
    {
        _isClosed = true;
        CloseReaders();
        db.Dispose();
    }

    private void CloseReaders()
    {
        while (_idle.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    private void Write(Action change)
    {
        db["BEGIN IMMEDIATE"].Run();

        try
        {
            change();
            db["COMMIT"].Run();
        }
        catch
        {
            Undo();
            throw;
        }
    }

    private void Undo()
    {
        try
        {
            db["ROLLBACK"].Run();
        }
        catch (SqliteException)
        {
            // Some errors end the transaction by themselves.
        }
    }
}
