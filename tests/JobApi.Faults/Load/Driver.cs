using System.Collections.Concurrent;
using System.Globalization;
using JobApi.Faults.Checking;
using JobApi.Faults.Servers;
using JobApi.Faults.Sink;

namespace JobApi.Faults.Load;

/// <summary>Many clients at once. Whenever the server is ready they submit, repeat, look, cancel and retry; when it is not, they wait.</summary>
internal sealed class Driver(ServerUnderTest server, SinkServer sink, Recorder recorder, int seed) : IAsyncDisposable
{
    private const int Remembered = 200;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Guid> _fresh = new();
    private readonly ConcurrentQueue<Guid> _recent = new();
    private readonly ConcurrentQueue<Guid> _ended = new();
    private Task[] _clients = [];
    private int _tokens;

    /// <summary>Lets this many clients begin.</summary>
    public void Start(int clients) => _clients = [.. Enumerable.Range(0, clients).Select(client => Task.Run(() => RunAsync(new Random(HashCode.Combine(seed, client)))))];

    /// <summary>Lets the clients finish what they are at.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
        _clients = [];
    }

    /// <summary>The jobs that were accepted since this was last asked.</summary>
    public IReadOnlyList<Guid> TakeFresh()
    {
        var fresh = new List<Guid>();

        while (_fresh.TryDequeue(out var id))
        {
            fresh.Add(id);
        }

        return fresh;
    }

    /// <summary>A token that no submission of this run has yet.</summary>
    public string NextToken() => Interlocked.Increment(ref _tokens).ToString("x6", CultureInfo.InvariantCulture);

    /// <summary>Submits one job, once. The clients leave it alone: a person who cancels it would end it before it has done what the fault needs it for.</summary>
    public async Task<Guid?> SubmitAsync(JobPlan plan, CancellationToken cancellationToken)
    {
        recorder.Submitted(plan.Token, plan.Key, plan.Fate);
        return (await SendAsync(plan, cancellationToken)).JobId;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(Random random)
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                await StepAsync(random);
                await PauseAsync(random);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The run is over. A submission that was under way is recorded as unknown.
        }
    }

    private Task PauseAsync(Random random) => Task.Delay(TimeSpan.FromMilliseconds(random.Next(2, 20)), TimeProvider.System, _stop.Token);

    private Task StepAsync(Random random) => random.Next(100) switch
    {
        < 75 => SubmitAsync(random),
        < 82 when Pick(_recent, random) is { } id => CancelAsync(id),
        < 87 when Pick(_ended, random) is { } id => RetryAsync(id),
        _ when Pick(_recent, random) is { } id => LookAsync(id),
        _ => Task.CompletedTask,
    };

    private async Task SubmitAsync(Random random)
    {
        var plan = JobPlan.Random(sink.Address, random, NextToken());
        recorder.Submitted(plan.Token, plan.Key, plan.Fate);
        var answered = await SendAsync(plan, _stop.Token);

        // With a key an unknown outcome is cleared up by asking again, on the next server if need be; and a known one may be asked for twice.
        while (plan.Key is not null && (answered.Answer == Answer.Unknown || random.Next(4) == 0))
        {
            await PauseAsync(random);
            answered = await SendAsync(plan, _stop.Token);
        }

        if (answered.JobId is { } id)
        {
            Remember(_recent, id);
        }
    }

    private async Task<SubmitRequest> SendAsync(JobPlan plan, CancellationToken cancellationToken)
    {
        var ready = await server.ReadyAsync(cancellationToken);
        var sentAt = recorder.Now;

        // No token: what has been sent is waited for, at the most for a client's patience.
        var reply = await Api.SendAsync(ready.Client, HttpMethod.Post, "/jobs", plan.Body, plan.Key, CancellationToken.None);
        var request = new SubmitRequest(sentAt, reply.Answer, reply.Answer == Answer.Ok ? Wire.IdOf(reply.Body) : null, reply.Detail);
        recorder.Answered(plan.Token, request);

        if (request.JobId is { } id)
        {
            _fresh.Enqueue(id);
        }

        return request;
    }

    private async Task CancelAsync(Guid id)
    {
        if ((await ActAsync(id, ActKind.Cancel, "cancel")).Text("state") == "canceled")
        {
            Remember(_ended, id);
        }
    }

    private async Task RetryAsync(Guid id) => await ActAsync(id, ActKind.Retry, "retry");

    private async Task<Reply> ActAsync(Guid id, ActKind kind, string verb)
    {
        var ready = await server.ReadyAsync(_stop.Token);
        var sentAt = recorder.Now;
        var reply = await Api.SendAsync(ready.Client, HttpMethod.Post, $"/jobs/{id}/{verb}", null, null, CancellationToken.None);
        recorder.Acted(new PersonalAct(id, kind, sentAt, recorder.Now, reply.Answer));

        return reply;
    }

    private async Task LookAsync(Guid id)
    {
        var ready = await server.ReadyAsync(_stop.Token);
        var sentAt = recorder.Now;
        var sighting = Wire.Sighting(id, sentAt, await Api.GetAsync(ready.Client, $"/jobs/{id}", CancellationToken.None));
        recorder.Saw(sighting);

        if (sighting.State == "failed")
        {
            Remember(_ended, id);
        }
    }

    private static void Remember(ConcurrentQueue<Guid> queue, Guid id)
    {
        queue.Enqueue(id);

        if (queue.Count > Remembered)
        {
            queue.TryDequeue(out _);
        }
    }

    private static Guid? Pick(ConcurrentQueue<Guid> queue, Random random) => queue.IsEmpty ? null : queue.ElementAtOrDefault(random.Next(queue.Count)) switch
    {
        var id when id == Guid.Empty => null,
        var id => id,
    };
}
