using JobApi.Faults.Checking;
using JobApi.Faults.Servers;
using JobApi.Faults.Twins;

namespace JobApi.Faults.Kinds;

/// <summary>
/// Somebody sets the clock: an hour back, right again, and an hour forward, where it stays. It is not set back from there: a job that was put off until
/// an hour of the later time is rightly not due before.
/// </summary>
internal sealed class ClockJumps : IFault
{
    private static readonly TimeSpan Jump = TimeSpan.FromHours(1);

    public string Name => "clock jumps";

    public ServerChoices Choices { get; } = new() { OnFaultyDisk = true };

    public TimeSpan Tolerance { get; } = 24 * Jump;

    public IReadOnlyList<Control> Controls { get; } = [new(Twin.ExpiresLeases, ViolationKind.ExtraStart)];

    public async Task StrikeAsync(Trial trial, CancellationToken cancellationToken)
    {
        foreach (var step in new[] { -Jump, Jump, Jump })
        {
            await trial.LoadAsync(200, 800, cancellationToken);
            trial.Disk.ClockOffset += step;
        }

        await trial.LoadAsync(200, 800, cancellationToken);
    }
}
