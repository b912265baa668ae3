using System.Text;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite.Database;
using JobApi.Sqlite.Tables;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Job>> AppendAsync(IReadOnlyList<HistoryEntry> entries, CancellationToken cancellationToken) =>
        _writer.RunAsync<IReadOnlyList<Job>>(() => Append(entries), entries.Count, cancellationToken);

    private List<Job> Append(IReadOnlyList<HistoryEntry> entries)
    {
        var changed = new List<Job>();

        foreach (var entry in entries)
        {
            if (Held(entry.Lease) is not { } job)
            {
                continue;
            }

            job = Append(job, entry);

            if (entry.Progress is { } progress)
            {
                changed.Add(_jobs.Put(job, JobLifecycle.Report(job, progress)));
            }
        }

        return changed;
    }

    private const string LastLine = "SELECT max(number) FROM log WHERE seq = $seq";

    private const string InsertLine = "INSERT INTO log (seq, number, attempt, at, text) VALUES ($seq, $number, $attempt, $at, $text)";

    private const string DropLines = "DELETE FROM log WHERE seq = $seq AND number <= $last RETURNING octet_length(text)";

    private Job Append(Job job, HistoryEntry entry)
    {
        if (entry.Lines.Count == 0)
        {
            return job;
        }

        var number = _db[LastLine].With(job.Sequence).Number() ?? 0;
        var grown = 0L;

        foreach (var line in entry.Lines)
        {
            _db[InsertLine].With(job.Sequence, ++number, (long)entry.Lease.Attempt, line.At.UtcTicks, Encoding.UTF8.GetBytes(line.Text)).Run();
            grown += JobSize.OfLine(line.Text);
        }

        var dropped = _db[DropLines].With(job.Sequence, number - _options.MaxLogLines).Numbers();

        return _jobs.Grow(job, grown - dropped.Sum(text => text + JobSize.LineOverhead));
    }

    private const string Attempts =
        "SELECT number, node, worker, started_at, ended_at, state, waiting, error FROM attempt WHERE seq = $seq ORDER BY number";

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<AttemptRecord>?> AttemptsAsync(Guid id, CancellationToken cancellationToken) => _readers.ReadAsync<IReadOnlyList<AttemptRecord>?>(
        db => SequenceOf(db, id) is { } sequence ? ReadAttempts(db, sequence) : null, cancellationToken);

    private static List<AttemptRecord> ReadAttempts(Db db, long sequence)
    {
        using var rows = db[Attempts].With(sequence).Read();
        var attempts = new List<AttemptRecord>();

        while (rows.Next())
        {
            attempts.Add(new AttemptRecord(
                rows.Int(), rows.TextOrNull(), rows.TextOrNull(), rows.Time(), rows.Time(), (JobState)rows.Int(), (WaitingReason?)rows.NumberOrNull(),
                RowJson.Read(rows.BytesOrNull(), RowJson.Default.JobError)));
        }

        if (ReadSuccess(db, sequence) is { } success && attempts.LastOrDefault()?.Number != success.Number)
        {
            attempts.Add(success);
        }

        return attempts;
    }

    private const string Success = "SELECT attempt, node, worker, started_at, finished_at FROM job WHERE seq = $seq AND state = 3";

    /// <summary>The attempt that succeeded, of which the job's own row tells. Older files have a record of it as well.</summary>
    private static AttemptRecord? ReadSuccess(Db db, long sequence)
    {
        using var rows = db[Success].With(sequence).Read();

        return rows.Next()
            ? new AttemptRecord(rows.Int(), rows.TextOrNull(), rows.TextOrNull(), rows.Time(), rows.Time(), JobState.Succeeded, null, null)
            : null;
    }

    private const string Lines = "SELECT number, attempt, at, text FROM log WHERE seq = $seq AND number > $after ORDER BY number LIMIT $max";

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<LogLine>?> LogsAsync(Guid id, long after, int max, CancellationToken cancellationToken) => _readers.ReadAsync<IReadOnlyList<LogLine>?>(
        db => SequenceOf(db, id) is { } sequence ? ReadLines(db, sequence, after, max) : null, cancellationToken);

    private static List<LogLine> ReadLines(Db db, long sequence, long after, int max)
    {
        using var rows = db[Lines].With(sequence, after, (long)max).Read();
        var lines = new List<LogLine>();

        while (rows.Next())
        {
            lines.Add(new LogLine(rows.Number(), rows.Int(), rows.Time(), Encoding.UTF8.GetString(rows.Bytes())));
        }

        return lines;
    }
}
