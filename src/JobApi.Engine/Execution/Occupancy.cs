using JobApi.Engine.Diagnostics;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Execution;

/// <summary>
/// How much runs in this process: attempts, from their claim until their end is stored, and fenced handlers, until they really end.
/// Only when both are none does a job that starts now run alone.
/// </summary>
internal sealed class Occupancy
{
    private int _held;
    private int _abandoned;

    /// <param name="health">Told when there are too many abandoned handlers.</param>
    /// <param name="options">How many are too many.</param>
    public Occupancy(EngineHealth health, IOptions<ExecutionOptions> options) => health.Complaint = () =>
        Abandoned is var abandoned && abandoned > options.Value.MaxAbandonedHandlers ? $"{abandoned} handlers that ignored their cancellation" : null;

    /// <summary>Called when the last attempt is gone, and whenever a handler is abandoned or an abandoned one ends. Must be quick.</summary>
    public Action? OnChange { get; set; }

    /// <summary>Attempts that are claimed and whose end is not stored.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Handlers that were fenced off and still run.</summary>
    public int Abandoned => Volatile.Read(ref _abandoned);

    /// <summary>Whether nothing runs. Looked at in this order, because a fenced handler is counted before its attempt is let go.</summary>
    public bool IsEmpty => Held == 0 && Abandoned == 0;

    public void Hold() => Interlocked.Increment(ref _held);

    public void LetGo()
    {
        if (Interlocked.Decrement(ref _held) == 0)
        {
            OnChange?.Invoke();
        }
    }

    /// <summary>A handler was fenced off; <paramref name="ended"/> completes when it really ends.</summary>
    public void Abandon(Task ended)
    {
        Interlocked.Increment(ref _abandoned);
        OnChange?.Invoke();
        _ = ended.ContinueWith(
            _ =>
            {
                Interlocked.Decrement(ref _abandoned);
                OnChange?.Invoke();
            },
            TaskScheduler.Default);
    }
}
