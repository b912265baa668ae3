using JobApi.Faults.Checking;
using JobApi.Faults.Disk;
using JobApi.Faults.Servers;
using JobApi.Faults.Twins;

namespace JobApi.Faults.Kinds;

/// <summary>The machine loses power: what was not flushed is gone, or, every other time, any part of it is there in any order.</summary>
internal sealed class LosePower : IFault
{
    public string Name => "power cut";

    public FaultGroup Group => FaultGroup.Cut;

    public ServerChoices Choices { get; } = new() { OnFaultyDisk = true };

    public IReadOnlyList<Control> Controls { get; } =
        [new(Twin.FlushesSeldom, ViolationKind.Lost), new(Twin.AcknowledgesEarly, ViolationKind.Lost)];

    public async Task StrikeAsync(Trial trial, CancellationToken cancellationToken)
    {
        await trial.LoadAtWorkAsync(50, 500, cancellationToken);
        await trial.Server.KillAsync();
        trial.Disk.CutPower(trial.Random.Next(2) == 0 ? new PowerCut.DropUnsynced() : new PowerCut.Mixed(trial.Random.Next()));
        await trial.Server.StartAsync(cancellationToken);
    }
}
