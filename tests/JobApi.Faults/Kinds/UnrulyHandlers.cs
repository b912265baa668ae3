using JobApi.Faults.Checking;
using JobApi.Faults.Load;
using JobApi.Faults.Servers;
using JobApi.Faults.Twins;

namespace JobApi.Faults.Kinds;

/// <summary>Handlers that go on for ever and do not listen: their jobs end in time, and the others do not notice.</summary>
internal abstract class EndlessHandler(string type) : IFault
{
    private const int AtOnce = 2;

    public abstract string Name { get; }

    public int Clients => 2;

    public ServerChoices Choices { get; } = new() { WithUnrulyTypes = true, Arguments = ["--JobApi:Execution:CancellationGrace=00:00:00.200"] };

    public IReadOnlyList<Control> Controls { get; } = [new(Twin.HasNoTimeouts, ViolationKind.Unfinished)];

    public async Task StrikeAsync(Trial trial, CancellationToken cancellationToken)
    {
        var endless = new List<Guid>();

        for (var job = 0; job < AtOnce; job++)
        {
            var plan = JobPlan.OfType(type, trial.Driver.NextToken(), Fate.TimesOut, timeoutSeconds: 0.3);
            endless.Add(await trial.Driver.SubmitAsync(plan, cancellationToken) ?? throw new InvalidOperationException("A healthy server did not take a job."));
        }

        var neighbour = await trial.Driver.SubmitAsync(JobPlan.Calling(trial.Sink.Address, trial.Driver.NextToken()), cancellationToken);
        Expect("succeeded", await trial.EndOfAsync(neighbour!.Value, cancellationToken), "a neighbour");

        foreach (var job in endless)
        {
            Expect("failed", await trial.EndOfAsync(job, cancellationToken), $"a job of type {type}");
        }

        await ExpectLifeAsync(trial, cancellationToken);

        // What was fenced off still runs: only the end of the process ends it.
        await trial.Server.KillAsync();
        await trial.Server.StartAsync(cancellationToken);

        void Expect(string state, string? actual, string who)
        {
            if (actual != state)
            {
                trial.Recorder.Broken($"While handlers of type {type} went on for ever, {who} was {actual ?? "not to be seen"} after {trial.Patience.TotalSeconds} s and not {state}.");
            }
        }
    }

    private static async Task ExpectLifeAsync(Trial trial, CancellationToken cancellationToken)
    {
        var live = await Api.GetAsync(trial.Server.Process.Client, "/health/live", cancellationToken);

        if (live.Status != 200)
        {
            trial.Recorder.Broken($"/health/live answered {live.Detail}.");
        }
    }
}

/// <summary>A handler that waits for ever.</summary>
internal sealed class HangingHandler() : EndlessHandler("hang")
{
    public override string Name => "a handler that hangs and ignores its cancellation";
}

/// <summary>A handler that computes for ever.</summary>
internal sealed class SpinningHandler() : EndlessHandler("spin")
{
    public override string Name => "a handler that spins on a processor";
}
