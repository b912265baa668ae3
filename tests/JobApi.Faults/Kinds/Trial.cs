using JobApi.Faults.Disk;
using JobApi.Faults.Load;
using JobApi.Faults.Servers;
using JobApi.Faults.Sink;

namespace JobApi.Faults.Kinds;

/// <summary>What a fault works with.</summary>
/// <param name="Server">The server.</param>
/// <param name="Sink">What its handlers call.</param>
/// <param name="Driver">The clients.</param>
/// <param name="Recorder">Where to write down what was seen.</param>
/// <param name="Random">Chance, seeded.</param>
/// <param name="Patience">How long to wait for what should come soon.</param>
internal sealed record Trial(ServerUnderTest Server, SinkServer Sink, Driver Driver, Recorder Recorder, Random Random, TimeSpan Patience)
{
    /// <summary>The server's disk.</summary>
    public FaultyDisk Disk => Server.Disk ?? throw new InvalidOperationException("This fault did not ask for a faulty disk.");

    /// <summary>Jobs that a server accepts before it counts as at work.</summary>
    private const int AtWork = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Lets the clients go on for a while.</summary>
    public Task LoadAsync(int fromMs, int toMs, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(Random.Next(fromMs, toMs)), TimeProvider.System, cancellationToken);

    /// <summary>Lets the clients go on until the server has accepted some jobs since now, and for a while after: a strike at one that is still warming up proves little.</summary>
    public async Task LoadAtWorkAsync(int fromMs, int toMs, CancellationToken cancellationToken)
    {
        var (goal, end) = (Recorder.Accepted + AtWork, Recorder.Now + Patience);

        while (Recorder.Accepted < goal && Recorder.Now < end)
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }

        await LoadAsync(fromMs, toMs, cancellationToken);
    }

    /// <summary>Looks at a job until it has ended or patience has.</summary>
    /// <returns>Its last state.</returns>
    public async Task<string?> EndOfAsync(Guid job, CancellationToken cancellationToken)
    {
        var end = Recorder.Now + Patience;

        while (true)
        {
            var ready = await Server.ReadyAsync(cancellationToken);
            var look = Wire.Sighting(job, Recorder.Now, await Api.GetAsync(ready.Client, $"/jobs/{job}", cancellationToken));

            if (look.Done || Recorder.Now >= end)
            {
                Recorder.Saw(look);
                return look.State;
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }
}
