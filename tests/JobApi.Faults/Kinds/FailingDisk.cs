using JobApi.Faults.Checking;
using JobApi.Faults.Disk;
using JobApi.Faults.Servers;
using JobApi.Faults.Twins;

namespace JobApi.Faults.Kinds;

/// <summary>
/// The log cannot be written or flushed any more. Nobody knows what is on such a disk: the server must end by itself, with an error, and what
/// it answered must be there when it is started again.
/// </summary>
/// <param name="what">The error, in words.</param>
/// <param name="arm">The error, by the end of the file's name.</param>
internal sealed class FailingDisk(string what, Func<string, DiskFault> arm) : IFault
{
    private const int ExitCodeFailed = 1;

    /// <summary>Long enough for jobs in hand to end; not for a server that waits for a disk that is gone.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    public string Name => $"{what} during a commit";

    public ServerChoices Choices { get; } = new() { OnFaultyDisk = true };

    public IReadOnlyList<Control> Controls { get; } = [new(Twin.AcknowledgesEarly, ViolationKind.Lost)];

    public async Task StrikeAsync(Trial trial, CancellationToken cancellationToken)
    {
        await trial.LoadAsync(50, 500, cancellationToken);
        var from = trial.Recorder.Now;
        trial.Server.AllowEnd();

        using (trial.Disk.Arm(arm("-wal")))
        {
            try
            {
                await trial.Server.DiedAsync(from).WaitAsync(Limit, cancellationToken);
            }
            catch (TimeoutException)
            {
                trial.Recorder.Broken($"The server did not end within {Limit.TotalSeconds} s of {what}.");
                await trial.Server.KillAsync();
            }
        }

        if (trial.Server.Process.ExitCode is var code && code != ExitCodeFailed)
        {
            trial.Recorder.Broken($"After {what} the server ended with exit code {code} and not {ExitCodeFailed}.");
        }

        await trial.Server.StartAsync(cancellationToken);
    }
}
