using System.Net;
using System.Text;
using JobApi.Benchmarks.Load;
using JobApi.Benchmarks.Peers;

namespace JobApi.Benchmarks.Comparing;

/// <summary>Lets the systems take turns, to and fro, so that what disturbs the machine for a while disturbs all of them.</summary>
internal sealed class Comparison(CompareOptions options, TurnTaker turns)
{
    public async Task<ScenarioResult> RunAsync(Scenario scenario, IReadOnlyList<(Contender Contender, RunningSystem System)> systems)
    {
        var entries = new List<Entry>();

        foreach (var (contender, system) in systems.Where(pair => pair.Contender.Features.HasFlag(scenario.Needs)))
        {
            entries.Add(await Entry.MakeAsync(contender, async () =>
            {
                var requests = await scenario.RequestsAsync(system);
                await ProbeAsync(system, requests[0]);
                await turns.TakeAsync(system, scenario, requests, options.WarmUp);
                return () => turns.TakeAsync(system, scenario, requests, options.TurnLength);
            }));
        }

        for (var round = 0; round < options.Rounds; round++)
        {
            // To and fro: who comes behind one that has left the disk busy is not always the same.
            foreach (var entry in round % 2 == 0 ? entries : Enumerable.Reverse(entries))
            {
                await entry.TakeTurnAsync();
            }
        }

        return new ScenarioResult(scenario, entries.ConvertAll(entry => entry.Result));
    }

    /// <summary>Sends one request by hand: the generators only notice that an answer was not the wanted one, not why.</summary>
    private static async Task ProbeAsync(RunningSystem system, byte[] request)
    {
        var lines = Encoding.UTF8.GetString(request).Split("\r\n");
        var words = lines[0].Split(' ');
        using var message = new HttpRequestMessage(new HttpMethod(words[0]), words[1]);

        if (lines[^1].Length > 0)
        {
            message.Content = new StringContent(lines[^1], Encoding.UTF8, "application/json");
        }

        using var answer = await system.Client.SendAsync(message);

        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            throw new MissingException($"it has no `{words[0]} {words[1]}`");
        }

        if (!answer.IsSuccessStatusCode)
        {
            throw new LoadFailedException($"{words[0]} {words[1]} was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>A system in a scenario; out of it as soon as something goes wrong.</summary>
    private sealed class Entry(Contender contender)
    {
        private readonly List<Turn> _taken = [];
        private Func<Task<Turn>>? _turn;
        private string? _why;

        public SystemResult Result => new(contender.Name, contender.What, _taken, _why);

        public static async Task<Entry> MakeAsync(Contender contender, Func<Task<Func<Task<Turn>>>> prepare)
        {
            var entry = new Entry(contender);
            await entry.TryAsync(async () => entry._turn = await prepare());
            return entry;
        }

        public Task TakeTurnAsync() => _why is null ? TryAsync(async () => _taken.Add(await _turn!())) : Task.CompletedTask;

        private async Task TryAsync(Func<Task> action)
        {
            try
            {
                await action();
            }
            catch (MissingException missing)
            {
                _why = $"left out: {missing.Message}";
            }
            catch (Exception exception)
            {
                _why = $"**failed**: {exception.Message}";
            }
        }
    }
}
