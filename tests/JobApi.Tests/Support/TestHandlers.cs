using System.Collections.Concurrent;
using JobApi.Engine.Execution;
using JobApi.Engine.Files;

namespace JobApi.Tests.Support;

/// <summary>Says it back.</summary>
internal sealed record EchoPayload(string Text, double? Number = null);

internal sealed class EchoHandler : IJobHandler<EchoPayload, EchoPayload>
{
    public Task<Attempt<EchoPayload>> HandleAsync(EchoPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        context.Log("echoing");
        context.Log(payload.Text);
        return Task.FromResult<Attempt<EchoPayload>>(payload);
    }
}

/// <summary>Runs until the test opens its gate.</summary>
internal sealed record GatePayload(string Gate);

internal sealed class Gates
{
    private readonly ConcurrentDictionary<string, (TaskCompletionSource Started, TaskCompletionSource Open)> _gates = new();

    /// <summary>Completes when a job stands at the gate.</summary>
    public Task Started(string gate) => Get(gate).Started.Task;

    public void Open(string gate) => Get(gate).Open.TrySetResult();

    public async Task PassAsync(string gate, CancellationToken cancellationToken)
    {
        Get(gate).Started.TrySetResult();
        await Get(gate).Open.Task.WaitAsync(cancellationToken);
    }

    private (TaskCompletionSource Started, TaskCompletionSource Open) Get(string gate) => _gates.GetOrAdd(
        gate, _ => (new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously)));
}

internal sealed class GateHandler(Gates gates) : IJobHandler<GatePayload, GatePayload>
{
    public async Task<Attempt<GatePayload>> HandleAsync(GatePayload payload, JobContext context, CancellationToken cancellationToken)
    {
        await gates.PassAsync(payload.Gate, cancellationToken);
        return payload;
    }
}

/// <summary>Fails: for good, or for now.</summary>
internal sealed record FailPayload(bool Permanent);

internal sealed class FailHandler : IJobHandler<FailPayload, FailPayload>
{
    public Task<Attempt<FailPayload>> HandleAsync(FailPayload payload, JobContext context, CancellationToken cancellationToken) =>
        Task.FromResult<Attempt<FailPayload>>(payload.Permanent
            ? Failure.Permanent("It was asked to.", "asked-to", "The job was asked to fail")
            : Failure.Temporary("It was asked to."));
}

/// <summary>Names a file.</summary>
internal sealed record FilePayload(FileReference File);

internal sealed class FileHandler : IJobHandler<FilePayload, FilePayload>
{
    public Task<Attempt<FilePayload>> HandleAsync(FilePayload payload, JobContext context, CancellationToken cancellationToken) =>
        Task.FromResult<Attempt<FilePayload>>(payload);
}
