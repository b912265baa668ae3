using System.Text;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite;

namespace JobApi.Benchmarks;

/// <summary>A data file with so many queued jobs in it, made without a server. They stand in a queue of their own that is paused: none of them runs before somebody resumes it.</summary>
internal sealed class Backlog : IDisposable
{
    /// <summary>The queue they stand in.</summary>
    public const string Queue = "backlog";

    private const int PerTransaction = 1_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("jobapi-backlog-").FullName;

    private Backlog()
    {
    }

    /// <summary>The data file, closed.</summary>
    public string Path => System.IO.Path.Combine(_folder, "jobs.db");

    /// <param name="jobs">How many.</param>
    /// <param name="payload">The payload of each, by its number.</param>
    public static async Task<Backlog> MakeAsync(int jobs, Func<int, string> payload)
    {
        var backlog = new Backlog();
        var now = TimeProvider.System.GetUtcNow();
        using var store = SqliteJobStore.Open(
            new SqliteOptions { Path = backlog.Path }, new StoreOptions { MaxBacklog = 20_000_000 }, now);

        // Kept with the jobs: a server that opens the file finds the queue paused.
        await store.ChangeAsync(Queue, new QueueChange { IsPaused = true }, CancellationToken.None);

        for (var made = 0; made < jobs; made += PerTransaction)
        {
            await InsertAsync(store, now, [.. Enumerable.Range(made, Math.Min(PerTransaction, jobs - made)).Select(number => Spec(payload(number), now))]);
        }

        return backlog;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task InsertAsync(SqliteJobStore store, DateTimeOffset now, IReadOnlyList<JobSpec> jobs)
    {
        if ((await store.InsertAsync(new InsertRequest([new Submission(jobs)], now), CancellationToken.None))[0] is not InsertOutcome.Inserted)
        {
            throw new InvalidOperationException("The store did not take the backlog.");
        }
    }

    private static JobSpec Spec(string payload, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        Type = "square",
        Queue = Queue,
        Payload = Encoding.UTF8.GetBytes(payload),
        CreatedAt = now,
        RunAt = now,
        Timeout = TimeSpan.FromSeconds(30),
        MaxAttempts = 3,
        Backoff = Backoff.Default,
    };
}
