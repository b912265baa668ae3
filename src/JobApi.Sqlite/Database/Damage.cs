using System.Buffers.Binary;
using System.Collections.Frozen;
using Microsoft.Data.Sqlite;

namespace JobApi.Sqlite.Database;

/// <summary>Looks for damage before the store answers anything, and words what it finds.</summary>
internal static class Damage
{
    /// <summary>Files up to this size are checked page by page at every start: a fraction of a second. Nobody waits longer for a server that was killed.</summary>
    public const long MaxChecked = 64L << 20;

    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    /// <summary>Refuses a file that cannot be a database, before SQLite opens it.</summary>
    public static void CheckHeader(string path)
    {
        Span<byte> head = stackalloc byte[18];

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.StartsWith(Magic))
        {
            throw In(path, file.Length == 0 ? "it is empty" : "it does not begin like an SQLite database");
        }

        // SQLite takes the missing rest of a page for zeros. A checkpoint that was cut off looks like this, too: then the log has the whole page.
        if (file.Length % PageSize(head) != 0 && !(File.Exists(path + "-wal") && LogFrames.MakeUpFor(path + "-wal", (file.Length / PageSize(head)) + 1)))
        {
            throw In(path, $"its length of {file.Length} bytes is no multiple of its page size");
        }
    }

    /// <summary>Bytes 16 and 17 of the file; 1 stands for 65,536, which two bytes cannot hold.</summary>
    private static int PageSize(ReadOnlySpan<byte> head) => BinaryPrimitives.ReadUInt16BigEndian(head[16..]) is > 1 and var size ? size : 1 << 16;

    /// <summary>Copies what a dead process left in the log, then looks at the pages as far as time allows. That the file is as long as it says SQLite sees by itself.</summary>
    public static void Check(Db db, string path)
    {
        if (db.Get("application_id") != Schema.ApplicationId)
        {
            throw new SqliteStoreException($"The file {path} is an SQLite database of another program. Choose another file (JobApi:Sqlite:Path).");
        }

        db.Checkpoint("TRUNCATE");

        if (new FileInfo(path).Length <= MaxChecked)
        {
            CheckPages(db, path, "PRAGMA quick_check(1)");
        }
        else
        {
            CheckRoots(db, path);
        }
    }

    public static SqliteStoreException In(string path, string why, Exception? cause = null) => new(
        $"The data file {path} is damaged: {why}. The server does not start with an empty store in its place: restore a backup, or move {path} and "
        + "the files whose names begin with its name away.",
        cause);

    /// <summary>What SQLite says of a file is damage, unless it says that the disk does not let it work now.</summary>
    public static SqliteStoreException Or(string path, SqliteException exception) => exception.SqliteErrorCode switch
    {
        Full => new($"The disk is full: the data file {path} could not be opened or brought up to date. Nothing that it holds was changed; the server starts when there is room.", exception),
        Busy or Locked or InputOutput or CannotOpen => new(
            $"The data file {path} cannot be read or written now: {exception.Message} Nothing that it holds was changed; the server starts when the disk lets it.", exception),
        _ => In(path, exception.Message, exception),
    };

    private const int Busy = 5;
    private const int Locked = 6;
    private const int InputOutput = 10;
    private const int Full = 13;
    private const int CannotOpen = 14;

    private static void CheckPages(Db db, string path, string check)
    {
        if (db.Text(check) is var verdict and not "ok")
        {
            throw In(path, verdict);
        }
    }

    /// <summary>A file that takes too long to read: both ends of every table and index, and the whole of the counters.</summary>
    internal static void CheckRoots(Db db, string path)
    {
        try
        {
            foreach (var table in db.Names("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"))
            {
                _ = db[$"SELECT 1 FROM {table} LIMIT 1"].Number();

                foreach (var column in Ends.GetValueOrDefault(table, []))
                {
                    _ = db[$"SELECT max({column}) FROM {table}"].Number();
                }
            }

            CheckPages(db, path, "PRAGMA quick_check(counter)");
        }
        catch (SqliteException exception)
        {
            throw Or(path, exception);
        }
    }

    /// <summary>By table, because a file of an earlier version does not have all of them yet: columns whose largest value is the end of a tree, so that it is found without a walk.</summary>
    private static readonly FrozenDictionary<string, string[]> Ends = new Dictionary<string, string[]>
    {
        ["job"] = ["seq", "id"],
        ["body"] = ["seq"],
        ["result"] = ["seq"],
        ["attempt"] = ["seq"],
        ["log"] = ["seq"],
        ["waiting"] = ["state"],
        ["unique_key"] = ["value"],
        ["own_retention"] = ["seq"],
        ["idempotency_key"] = ["number"],
        ["tombstone"] = ["number"],
    }.ToFrozenDictionary();
}
