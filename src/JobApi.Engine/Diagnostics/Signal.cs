using System.Threading.Channels;

namespace JobApi.Engine.Diagnostics;

/// <summary>Wakes one loop. Set while nobody waits it is remembered; set twice it is remembered once.</summary>
internal sealed class Signal(TimeProvider time)
{
    private readonly Channel<bool> _slot = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { SingleReader = true });

    public void Set() => _slot.Writer.TryWrite(true);

    /// <summary>Waits until the signal is set or the time is up; true when it was set.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> fired.</exception>
    public async ValueTask<bool> WaitAsync(TimeSpan atMost, CancellationToken stop)
    {
        if (_slot.Reader.TryRead(out _))
        {
            return true;
        }

        using var timeout = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);

        try
        {
            return await _slot.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
