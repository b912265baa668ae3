using JobApi.Faults.Checking;
using JobApi.Faults.Load;
using JobApi.Faults.Servers;
using JobApi.Faults.Twins;

namespace JobApi.Faults.Kinds;

/// <summary>SIGTERM under load, with jobs in hand that outlast the grace: they are handed back and charged nothing.</summary>
internal sealed class AskToStop : IFault
{
    private static readonly TimeSpan LongerThanTheGrace = TimeSpan.FromSeconds(3);

    public string Name => "SIGTERM under load";

    public ServerChoices Choices { get; } = new()
    {
        Arguments = ["--JobApi:Workers:ShutdownGrace=00:00:00.300", "--JobApi:Execution:CancellationGrace=00:00:02"],
    };

    public IReadOnlyList<Control> Controls { get; } = [new(Twin.DropsHandBacks, ViolationKind.ExtraStart)];

    public async Task StrikeAsync(Trial trial, CancellationToken cancellationToken)
    {
        await trial.LoadAsync(50, 400, cancellationToken);

        for (var slow = 0; slow < 3; slow++)
        {
            await trial.Driver.SubmitAsync(JobPlan.Calling(trial.Sink.Address, trial.Driver.NextToken(), hold: LongerThanTheGrace, priority: 9), cancellationToken);
        }

        await trial.LoadAsync(100, 200, cancellationToken);

        await trial.Server.StopAsync();
        await trial.Server.StartAsync(cancellationToken);
    }
}
