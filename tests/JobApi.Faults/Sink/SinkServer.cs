using System.Collections.Concurrent;
using System.Globalization;
using JobApi.Faults.Load;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JobApi.Faults.Sink;

/// <summary>
/// The outside world of the handlers: jobs of type <c>http-request</c> call it, it writes every call down when it comes in, and answers as the
/// address says, with the number of the call. It runs in this process, so it remembers what a killed server did.
/// </summary>
internal sealed class SinkServer : IAsyncDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(30);

    private readonly Recorder _recorder;
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.Ordinal);
    private TaskCompletionSource<long>? _trap;
    private Dam? _dam;

    private SinkServer(Recorder recorder)
    {
        _recorder = recorder;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/calls/{token}", CallAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    public static async Task<SinkServer> StartAsync(Recorder recorder)
    {
        var sink = new SinkServer(recorder);
        await sink._app.StartAsync();
        sink.Address = new Uri(sink._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

        return sink;
    }

    /// <summary>The next call completes this after it was written down and before it is answered; what waits for it runs on the call's own thread.</summary>
    public Task<long> NextCallAsync(Action strike)
    {
        var trap = new TaskCompletionSource<long>();
        var struck = trap.Task.ContinueWith(
            call =>
            {
                strike();
                return call.Result;
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Volatile.Write(ref _trap, trap);

        return struck;
    }

    /// <summary>From now on no call with one of these tokens is answered until <see cref="ReleaseAsync"/>; the others go on, so that there are workers for what starts again.</summary>
    public void Hold(IEnumerable<string> tokens) => Volatile.Write(ref _dam, new Dam(tokens.ToHashSet(StringComparer.Ordinal)));

    /// <summary>Waits until each of these tokens has called more than once, or for this long.</summary>
    public async Task CalledAgainAsync(IReadOnlyCollection<string> tokens, TimeSpan patience, CancellationToken cancellationToken)
    {
        var end = _recorder.Now + patience;

        while (tokens.Any(token => _calls.GetValueOrDefault(token) < 2) && _recorder.Now < end)
        {
            await Task.Delay(Moment, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Answers what was held in the order in which it came, a moment apart, so that the server gets the answers in that order too.</summary>
    public async Task ReleaseAsync()
    {
        foreach (var held in Interlocked.Exchange(ref _dam, null)?.Held ?? [])
        {
            held.TrySetResult();
            await Task.Delay(Moment, TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // What is still under way belongs to a server that is dead or about to be.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task CallAsync(string token, string answers, double hold, HttpContext http)
    {
        var status = StatusOf(answers, _calls.AddOrUpdate(token, 1, static (_, calls) => calls + 1));
        var number = _recorder.Called(token, status);
        Interlocked.Exchange(ref _trap, null)?.TrySetResult(number);

        try
        {
            if (hold > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(hold), TimeProvider.System, http.RequestAborted);
            }

            if (Volatile.Read(ref _dam) is { } dam && dam.Tokens.Contains(token))
            {
                var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                dam.Held.Enqueue(held);
                await held.Task.WaitAsync(http.RequestAborted);
            }

            // Before the answer leaves: whoever gets it must find it written down.
            _recorder.CallAnswered(number);
            http.Response.StatusCode = status;
            await http.Response.WriteAsync(number.ToString(CultureInfo.InvariantCulture), http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The caller is dead or gave up; its call stays written down as never answered.
        }
    }

    private static int StatusOf(string answers, int call)
    {
        var statuses = answers.Split(',');
        return int.Parse(statuses[Math.Min(call, statuses.Length) - 1], CultureInfo.InvariantCulture);
    }

    /// <summary>What is held back.</summary>
    private sealed record Dam(HashSet<string> Tokens)
    {
        public ConcurrentQueue<TaskCompletionSource> Held { get; } = new();
    }
}
