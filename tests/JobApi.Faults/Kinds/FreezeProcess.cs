using JobApi.Faults.Checking;
using JobApi.Faults.Load;
using JobApi.Faults.Servers;
using JobApi.Faults.Twins;

namespace JobApi.Faults.Kinds;

/// <summary>
/// SIGSTOP for three times the lease, then SIGCONT, while handlers are at work. A file has one process, so there is nobody to take the jobs
/// over: nothing may start again.
/// </summary>
internal sealed class FreezeProcess : IFault
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    public string Name => "SIGSTOP for three times the lease, then SIGCONT";

    public FaultGroup Group => FaultGroup.Stop;

    /// <summary>A frozen process needs no processor.</summary>
    public int AtOnce => 5;

    public ServerChoices Choices => new()
    {
        Arguments = [$"--JobApi:Lease:Duration={Lease}", $"--JobApi:Workers:MinWorkers={Workers}", $"--JobApi:Workers:MaxWorkers={Workers}"],
    };

    public IReadOnlyList<Control> Controls { get; } =
        [new(Twin.ExpiresLeases, ViolationKind.ExtraStart), new(Twin.CompletesById, ViolationKind.Outcome)];

    /// <summary>The twins' claims are shorter, and what they lost starts again after a pause: that must have happened, on other workers, when the late ends come.</summary>
    public IFault ForControl => new FreezeProcess { Length = 3 * ExpiringQueue.Lease, Afterwards = TimeSpan.FromSeconds(20), Workers = 16 };

    /// <summary>How long it is frozen.</summary>
    public TimeSpan Length { get; init; } = 3 * Lease;

    /// <summary>How many workers the server has.</summary>
    public int Workers { get; init; } = 8;

    /// <summary>How long handlers are kept busy after it, unless all those in hand have started again.</summary>
    public TimeSpan Afterwards { get; init; } = TimeSpan.FromSeconds(1);

    public async Task StrikeAsync(Trial trial, CancellationToken cancellationToken)
    {
        await trial.LoadAsync(50, 300, cancellationToken);
        var inHand = Enumerable.Range(0, 4).Select(_ => trial.Driver.NextToken()).ToArray();
        trial.Sink.Hold(inHand);

        foreach (var token in inHand)
        {
            await trial.Driver.SubmitAsync(JobPlan.Calling(trial.Sink.Address, token, priority: 9), cancellationToken);
        }

        await trial.LoadAsync(100, 200, cancellationToken);
        await trial.Server.PauseAsync(Length, cancellationToken);
        await trial.Sink.CalledAgainAsync(inHand, Afterwards, cancellationToken);
        await trial.Sink.ReleaseAsync();
    }
}
