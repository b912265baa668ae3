using System.Runtime.InteropServices;
using JobApi.Sqlite.Database;

namespace JobApi.Sqlite.Tables;

/// <summary>The ids deleted last, up to a bound. Jobs that were submitted together are mostly deleted together, and then their ids share a row.</summary>
/// <param name="db">The writer's connection.</param>
/// <param name="max">The most ids to remember.</param>
internal sealed class Tombstones(Db db, int max)
{
    private const int IdBytes = 16;

    /// <summary>Bytes of an id that name its row: its time, but for the last 8 bits of the millisecond.</summary>
    private const int HeadBytes = 5;

    private const string Insert =
        "INSERT INTO tombstone (number, head, ids) VALUES ((SELECT coalesce(max(number), 0) FROM tombstone) + $count, $head, $ids)";

    private const string Drop = "DELETE FROM tombstone WHERE number <= (SELECT max(number) FROM tombstone) - $bound";

    /// <summary>Remembers ids in the order in which they went; more than the bound only as long as they are one row's.</summary>
    public void Add(IReadOnlyList<Doomed> gone)
    {
        if (max == 0)
        {
            return;
        }

        var row = new List<byte>();
        byte[] head = [];

        foreach (var id in gone.TakeLast(max).Select(job => JobReads.Key(job.Id)))
        {
            if (!id.AsSpan(0, HeadBytes).SequenceEqual(head))
            {
                Store(head, row);
                head = id[..HeadBytes];
            }

            row.AddRange(id);
        }

        Store(head, row);
        db[Drop].With((long)max).Run();
    }

    private void Store(byte[] head, List<byte> ids)
    {
        if (ids.Count > 0)
        {
            db[Insert].With((long)(ids.Count / IdBytes), head, CollectionsMarshal.AsSpan(ids).ToArray()).Run();
            ids.Clear();
        }
    }

    private const string Find = "SELECT ids FROM tombstone WHERE head = $head";

    /// <summary>Whether an id is one of them; on any connection.</summary>
    public static bool Contains(Db db, Guid id)
    {
        var key = JobReads.Key(id);
        using var rows = db[Find].With(key[..HeadBytes]).Read();

        while (rows.Next())
        {
            var ids = rows.Bytes().AsSpan();

            for (; !ids.IsEmpty; ids = ids[IdBytes..])
            {
                if (ids[..IdBytes].SequenceEqual(key))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
