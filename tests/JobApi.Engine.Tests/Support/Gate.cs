using JobApi.Engine.Execution;

namespace JobApi.Engine.Tests.Support;

/// <summary>A handler that says when it has begun and goes on when it is let: concurrency seen through signals, not sleeps.</summary>
public sealed class Gate
{
    private readonly SemaphoreSlim _entered = new(0);
    private readonly SemaphoreSlim _let = new(0);
    private int _inside;
    private int _most;

    /// <summary>Handlers inside now.</summary>
    public int Inside => Volatile.Read(ref _inside);

    /// <summary>The most handlers that were ever inside at a time.</summary>
    public int Most => Volatile.Read(ref _most);

    /// <summary>The behaviour to register.</summary>
    public async Task<Attempt<string>> PassAsync(JobContext context, CancellationToken cancellationToken)
    {
        var inside = Interlocked.Increment(ref _inside);
        InterlockedMax(ref _most, inside);
        _entered.Release();

        try
        {
            await _let.WaitAsync(cancellationToken);
            return context.JobId.ToString();
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    /// <summary>Waits until so many more handlers have begun.</summary>
    public async Task EnteredAsync(int count = 1)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True(await _entered.WaitAsync(Patience.Limit), $"Only {i} of {count} handlers began.");
        }
    }

    /// <summary>Lets so many handlers go on.</summary>
    public void Let(int count = 1) => _let.Release(count);

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen;)
        {
            seen = Interlocked.CompareExchange(ref target, value, seen) is var found && found == seen ? value : found;
        }
    }
}

/// <summary>How long a test waits for a signal before it calls it missing. Never part of what is asserted.</summary>
public static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
}
