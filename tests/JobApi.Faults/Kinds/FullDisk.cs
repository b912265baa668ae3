using JobApi.Faults.Checking;
using JobApi.Faults.Load;
using JobApi.Faults.Servers;
using JobApi.Faults.Twins;

namespace JobApi.Faults.Kinds;

/// <summary>The disk is full for a while. Nothing new is taken in, reads go on, and when there is room again everything goes on.</summary>
internal sealed class FullDisk : IFault
{
    private const int Looks = 20;

    public string Name => "a full disk, then room again";

    public ServerChoices Choices { get; } = new() { OnFaultyDisk = true };

    public IReadOnlyList<Control> Controls { get; } = [new(Twin.AcknowledgesEarly, ViolationKind.Lost)];

    public async Task StrikeAsync(Trial trial, CancellationToken cancellationToken)
    {
        await trial.LoadAsync(50, 500, cancellationToken);
        trial.Disk.Room = 0;

        for (var look = 0; look < Looks; look++)
        {
            await trial.LoadAsync(20, 80, cancellationToken);

            if (await Api.GetAsync(trial.Server.Process.Client, "/jobs?pageSize=1", cancellationToken) is { Status: not 200 and var status })
            {
                trial.Recorder.Broken($"On a full disk the list of jobs was answered with {status}.");
            }
        }

        trial.Disk.Room = null;
        await trial.LoadAsync(500, 1_000, cancellationToken);
    }
}
