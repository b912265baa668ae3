namespace JobApi.Engine.Storage.InMemory;

/// <summary>The newest log lines of one job. Numbers go on counting when old lines are dropped.</summary>
internal sealed class LogBook(int bound)
{
    private readonly Queue<LogLine> _lines = [];
    private long _last;

    public void Add(int attempt, LogText line)
    {
        _lines.Enqueue(new LogLine(++_last, attempt, line.At, line.Text));

        if (_lines.Count > bound)
        {
            _lines.Dequeue();
        }
    }

    public IReadOnlyList<LogLine> After(long number, int max) => [.. _lines.SkipWhile(line => line.Number <= number).Take(max)];
}
