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

    /// <summary>Long enough for a twin that lets claims run out to notice it.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(1);

    public string Name => "SIGSTOP for three times the lease, then SIGCONT";

    public FaultGroup Group => FaultGroup.Stop;

    public ServerChoices Choices { get; } = new() { Arguments = [$"--JobApi:Lease:Duration={Lease}"] };

    public IReadOnlyList<Control> Controls { get; } =
        [new(Twin.ExpiresLeases, ViolationKind.ExtraStart), new(Twin.CompletesById, ViolationKind.Outcome)];

    /// <summary>The twins' claims are shorter.</summary>
    public IFault ForControl => new FreezeProcess { Length = 3 * ExpiringQueue.Lease };

    /// <summary>How long it is frozen.</summary>
    public TimeSpan Length { get; init; } = 3 * Lease;

    public async Task StrikeAsync(Trial trial, CancellationToken cancellationToken)
    {
        await trial.LoadAsync(50, 300, cancellationToken);
        trial.Sink.Hold();

        for (var inHand = 0; inHand < 4; inHand++)
        {
            await trial.Driver.SubmitAsync(JobPlan.Calling(trial.Sink.Address, trial.Driver.NextToken(), priority: 9), cancellationToken);
        }

        await trial.LoadAsync(100, 200, cancellationToken);
        await trial.Server.PauseAsync(Length, cancellationToken);
        await Task.Delay(Afterwards, TimeProvider.System, cancellationToken);
        await trial.Sink.ReleaseAsync();
    }
}
