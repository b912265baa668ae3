using JobApi.Engine.Execution;

namespace JobApi.Faults.Twins;

/// <summary>Nothing.</summary>
internal sealed record Nothing;

/// <summary>Waits for ever on a thread of the pool and does not listen.</summary>
internal sealed class HangHandler : IJobHandler<Nothing, Nothing>
{
    public Task<Attempt<Nothing>> HandleAsync(Nothing payload, JobContext context, CancellationToken cancellationToken)
    {
        using var never = new ManualResetEventSlim();
        never.Wait(CancellationToken.None);

        return Task.FromResult<Attempt<Nothing>>(new Nothing());
    }
}

/// <summary>Keeps a processor busy for ever and does not listen.</summary>
internal sealed class SpinHandler : IJobHandler<Nothing, Nothing>
{
    public Task<Attempt<Nothing>> HandleAsync(Nothing payload, JobContext context, CancellationToken cancellationToken)
    {
        for (var turns = 0UL; ; turns++)
        {
            if (turns == ulong.MaxValue)
            {
                return Task.FromResult<Attempt<Nothing>>(new Nothing());
            }
        }
    }
}

/// <summary>Takes the process with it, until the poison has lost its strength.</summary>
internal sealed class CrashHandler : IJobHandler<Nothing, Nothing>
{
    /// <summary>A file of this name in the folder of the server makes it harmless.</summary>
    public const string Antidote = "antidote";

    /// <summary>Long enough for whoever submitted it to get an answer.</summary>
    private static readonly TimeSpan Incubation = TimeSpan.FromMilliseconds(300);

    public async Task<Attempt<Nothing>> HandleAsync(Nothing payload, JobContext context, CancellationToken cancellationToken)
    {
        if (!File.Exists(Antidote))
        {
            await Task.Delay(Incubation, TimeProvider.System, cancellationToken);

            // As a native library would that goes down: no exception, no clean-up, and no core file either.
            using var self = System.Diagnostics.Process.GetCurrentProcess();
            self.Kill();
        }

        return new Nothing();
    }
}
