using JobApi.Faults.Checking;
using JobApi.Faults.Disk;
using JobApi.Faults.Servers;
using JobApi.Faults.Twins;

namespace JobApi.Faults.Kinds;

/// <summary>The process dies at a point of a commit, the n-th time it comes there.</summary>
/// <param name="point">Which, in words.</param>
/// <param name="arm">The fault of the disk that kills there, by the end of the file's name and how often it may pass before.</param>
/// <param name="twin">The broken server that must not get through it.</param>
/// <param name="shows">How that is noticed.</param>
internal sealed class KillAtNamedPoint(string point, Func<string, long, DiskFault> arm, Twin twin, ViolationKind shows) : IFault
{
    private const int MostCommits = 100;

    public string Name => $"kill -9 {point}";

    public FaultGroup Group => FaultGroup.Kill;

    public ServerChoices Choices { get; } = new() { OnFaultyDisk = true };

    public IReadOnlyList<Control> Controls { get; } = [new(twin, shows)];

    public async Task StrikeAsync(Trial trial, CancellationToken cancellationToken)
    {
        await trial.LoadAsync(20, 200, cancellationToken);
        var from = trial.Recorder.Now;

        // Clients go on: it is their submissions that bring the process to the point.
        trial.Server.AllowEnd();

        using (trial.Disk.Arm(arm("-wal", trial.Random.Next(MostCommits))))
        {
            await trial.Server.DiedAsync(from).WaitAsync(cancellationToken);
        }

        await trial.Server.StartAsync(cancellationToken);
    }
}
