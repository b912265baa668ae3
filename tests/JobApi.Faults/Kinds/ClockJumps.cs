using JobApi.Faults.Checking;
using JobApi.Faults.Servers;
using JobApi.Faults.Twins;

namespace JobApi.Faults.Kinds;

/// <summary>Somebody sets the clock: two hours forward, four back, and right again.</summary>
internal sealed class ClockJumps : IFault
{
    private static readonly TimeSpan Jump = TimeSpan.FromHours(2);

    public string Name => "clock jumps";

    public ServerChoices Choices { get; } = new() { OnFaultyDisk = true };

    public TimeSpan Tolerance { get; } = 2 * Jump;

    public IReadOnlyList<Control> Controls { get; } = [new(Twin.ExpiresLeases, ViolationKind.ExtraStart)];

    public async Task StrikeAsync(Trial trial, CancellationToken cancellationToken)
    {
        foreach (var offset in new[] { Jump, -Jump, TimeSpan.Zero })
        {
            await trial.LoadAsync(200, 800, cancellationToken);
            trial.Disk.ClockOffset = offset;
        }

        await trial.LoadAsync(200, 800, cancellationToken);
    }
}
