using JobApi.Engine.Storage;
using JobApi.Sqlite.Database;

namespace JobApi.Sqlite.Tables;

/// <summary>An idempotency key in use.</summary>
internal sealed record UsedKey(long Number, byte[] Fingerprint, long JobsLeft);

/// <summary>The idempotency keys in use; on the writer's thread.</summary>
internal sealed class KeyRows(Db db)
{
    private const string ByValue = "SELECT number, fingerprint, jobs_left FROM idempotency_key WHERE value = $value";

    public UsedKey? Find(string value)
    {
        using var rows = db[ByValue].With(value).Read();
        return rows.Next() ? new UsedKey(rows.Number(), rows.Bytes(), rows.Number()) : null;
    }

    private const string Insert = """
        INSERT INTO idempotency_key (value, fingerprint, expires_at, jobs_left, first_seq, last_seq)
        VALUES ($value, $fingerprint, $expires_at, $jobs, $first_seq, $last_seq) RETURNING number
        """;

    /// <summary>A submission brings its key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="jobs">How many new jobs come with it.</param>
    /// <param name="newest">The number before theirs, which follow each other.</param>
    public long Add(IdempotencyKey key, int jobs, long newest) =>
        db[Insert].With(key.Value, key.Fingerprint, key.ExpiresAt.UtcTicks, (long)jobs, newest + 1, newest + jobs).Number()!.Value;

    private const string JobsOf = """
        SELECT seq FROM job
        WHERE key = $key AND seq BETWEEN (SELECT first_seq FROM idempotency_key WHERE number = $key) AND (SELECT last_seq FROM idempotency_key WHERE number = $key)
        ORDER BY seq
        """;

    /// <summary>The jobs of a key that are left, in the order of their submission; on any connection.</summary>
    public static List<long> Jobs(Db db, long key) => db[JobsOf].With(key).Numbers();

    private const string DropExpired = """
        DELETE FROM idempotency_key WHERE number IN (
          SELECT number FROM idempotency_key INDEXED BY idempotency_key_without_jobs WHERE jobs_left = 0 AND expires_at <= $now ORDER BY expires_at LIMIT $max)
        """;

    /// <summary>Forgets keys that have expired and whose jobs are gone, at most so many.</summary>
    public void Forget(DateTimeOffset now, int max) => db[DropExpired].With(now.UtcTicks, (long)max).Run();
}
