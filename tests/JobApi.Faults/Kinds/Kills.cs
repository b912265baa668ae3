using JobApi.Faults.Checking;
using JobApi.Faults.Twins;

namespace JobApi.Faults.Kinds;

/// <summary>SIGKILL whenever it happens to come.</summary>
internal sealed class KillAtRandomMoment : IFault
{
    public string Name => "kill -9 at a random moment";

    public FaultGroup Group => FaultGroup.Kill;

    public int Weight => 4;

    public IReadOnlyList<Control> Controls { get; } =
        [new(Twin.AcknowledgesEarly, ViolationKind.Lost), new(Twin.ForgetsKeys, ViolationKind.Doubled)];

    public async Task StrikeAsync(Trial trial, CancellationToken cancellationToken)
    {
        await trial.LoadAsync(20, 500, cancellationToken);
        await trial.Server.KillAsync();
        await trial.Server.StartAsync(cancellationToken);
    }
}

/// <summary>SIGKILL when a handler has done its work outside and the server does not know yet.</summary>
internal sealed class KillAfterEffect : IFault
{
    public string Name => "kill -9 after an effect, before its end is stored";

    public FaultGroup Group => FaultGroup.Kill;

    public IReadOnlyList<Control> Controls { get; } = [new(Twin.CompletesAtClaim, ViolationKind.Outcome)];

    public async Task StrikeAsync(Trial trial, CancellationToken cancellationToken)
    {
        await trial.LoadAsync(20, 300, cancellationToken);
        var from = trial.Recorder.Now;

        await trial.Sink.NextCallAsync(() =>
        {
            trial.Server.ExpectEnd();
            trial.Server.Process.KillNow();
        }).WaitAsync(cancellationToken);

        await trial.Server.DiedAsync(from);
        await trial.Server.StartAsync(cancellationToken);
    }
}
