using JobApi.Faults.Checking;
using JobApi.Faults.Checking.Rules;
using JobApi.Faults.Load;
using JobApi.Faults.Servers;
using JobApi.Faults.Twins;

namespace JobApi.Faults.Kinds;

/// <summary>A handler that takes the process with it. After the third death its job is given up, and the server goes on.</summary>
internal sealed class PoisonousJob : IFault
{
    private const int MaxDeaths = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public string Name => "a handler that crashes the process";

    public int Clients => 1;

    /// <summary>One worker: whoever runs beside poison may be charged with its deaths.</summary>
    public ServerChoices Choices { get; } = new() { WithUnrulyTypes = true, Arguments = ["--JobApi:Workers:MinWorkers=1", "--JobApi:Workers:MaxWorkers=1"] };

    public IReadOnlyList<Control> Controls { get; } = [new(Twin.ForgivesPoison, ViolationKind.ExtraStart)];

    public async Task StrikeAsync(Trial trial, CancellationToken cancellationToken)
    {
        var antidote = Path.Combine(trial.Server.DataFolder, CrashHandler.Antidote);
        await trial.LoadAsync(50, 200, cancellationToken);
        trial.Server.MayEnd = true;

        var plan = JobPlan.OfType("crash", trial.Driver.NextToken(), Fate.Poisonous);
        var job = await trial.Driver.SubmitAsync(plan, cancellationToken) ?? throw new InvalidOperationException("A healthy server did not take a job.");
        var deaths = 0;

        while (await DiesAsync(trial, job, cancellationToken))
        {
            if (++deaths == MaxDeaths)
            {
                await File.WriteAllBytesAsync(antidote, [], cancellationToken);
            }

            // It may die again before it is ready.
            await trial.Server.TryStartAsync(cancellationToken);
        }

        trial.Server.MayEnd = false;

        if (deaths != Endings.MaxCrashes)
        {
            trial.Recorder.Broken($"The process died {deaths} times of one job, which should have been given up after {Endings.MaxCrashes}.", plan.Token, job);
        }
    }

    /// <summary>Waits until the process is dead, or the job has ended and can do it no harm any more.</summary>
    private static async Task<bool> DiesAsync(Trial trial, Guid job, CancellationToken cancellationToken)
    {
        var from = trial.Recorder.Now;
        var process = trial.Server.Process;

        while (!process.Exited.IsCompleted)
        {
            var look = await Api.GetAsync(process.Client, $"/jobs/{job}", cancellationToken);

            if (look.Status == 200 && look.Body.GetProperty("done").GetBoolean())
            {
                return false;
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }

        await trial.Server.DiedAsync(from);
        return true;
    }
}
