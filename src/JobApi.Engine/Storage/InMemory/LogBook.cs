using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.InMemory;

/// <summary>The newest log lines of one job. Numbers go on counting when old lines are dropped.</summary>
internal sealed class LogBook(int bound)
{
    private readonly Queue<LogLine> _lines = [];
    private long _last;

    /// <summary>Keeps a line, and says by how much the job's history grew.</summary>
    public long Add(int attempt, LogText line)
    {
        _lines.Enqueue(new LogLine(++_last, attempt, line.At, line.Text));

        return JobSize.OfLine(line.Text) - (_lines.Count > bound ? JobSize.OfLine(_lines.Dequeue().Text) : 0);
    }

    public IReadOnlyList<LogLine> After(long number, int max) => [.. _lines.SkipWhile(line => line.Number <= number).Take(max)];
}
