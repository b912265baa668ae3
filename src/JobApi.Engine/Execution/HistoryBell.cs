using System.Threading.Channels;

namespace JobApi.Engine.Execution;

/// <summary>Which running jobs have said something that is not stored yet. Each is listed once until somebody fetches its words.</summary>
internal sealed class HistoryBell
{
    // Holds at most one entry for each held job, because a journal only rings when it was empty.
    private readonly Channel<HeldJob> _spoke = Channel.CreateUnbounded<HeldJob>(new UnboundedChannelOptions { SingleReader = true });

    public void Ring(HeldJob held) => _spoke.Writer.TryWrite(held);

    public ValueTask<bool> WaitAsync(CancellationToken stop) => _spoke.Reader.WaitToReadAsync(stop);

    public bool TryTake(out HeldJob held) => _spoke.Reader.TryRead(out held!);
}
