using JobApi.Faults.Checking;
using JobApi.Faults.Twins;
using JobApi.Testing;

namespace JobApi.Faults.Kinds;

/// <summary>A second server is started on the file of a working one: it must refuse, say why, and leave the first unharmed.</summary>
internal sealed class SecondServer : IFault
{
    private const string Refusal = "in use by another process";

    public string Name => "a second server on the same file";

    public IReadOnlyList<Control> Controls { get; } = [new(Twin.StealsTheLock, ViolationKind.Server)];

    public async Task StrikeAsync(Trial trial, CancellationToken cancellationToken)
    {
        await trial.LoadAsync(50, 300, cancellationToken);

        try
        {
            await using var second = await ServerProcess.StartAsync(trial.Server.Setup(trial.Server.DataFolder));
            trial.Recorder.Broken("A second server started on a file that another one works on.");
        }
        catch (InvalidOperationException refusal)
        {
            if (!refusal.Message.Contains(Refusal, StringComparison.Ordinal))
            {
                trial.Recorder.Broken($"A second server did not start, but did not say that the file is \"{Refusal}\": {refusal.Message}");
            }
        }

        await trial.LoadAsync(100, 200, cancellationToken);
    }
}
