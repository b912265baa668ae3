using System.Collections.Concurrent;

namespace JobApi.Sqlite.Database;

/// <summary>A few connections of their own for reading: they see what is committed and never wait for the writer.</summary>
internal sealed class Readers(string path, int count) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count);
    private readonly ConcurrentBag<Db> _idle = [];

    /// <summary>The SQL texts that were asked for.</summary>
    public IEnumerable<string> Texts => _idle.SelectMany(db => db.Texts);

    /// <summary>Reads in one transaction, so that everything it sees is of one moment.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<Db, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);

        try
        {
            var db = _idle.TryTake(out var idle) ? idle : Connections.OpenReader(path);
            var isSound = false;

            try
            {
                db["BEGIN"].Run();
                var found = read(db);
                db["COMMIT"].Run();
                isSound = true;

                return found;
            }
            finally
            {
                if (isSound)
                {
                    _idle.Add(db);
                }
                else
                {
                    db.Dispose();
                }
            }
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var db))
        {
            db.Dispose();
        }

        _free.Dispose();
    }
}
