using System.Collections.Concurrent;
using System.Text.Json;
using JobApi.Faults.Checking;

namespace JobApi.Faults.Load;

/// <summary>Asks a server that nobody disturbs what it knows.</summary>
internal sealed class Inspector(HttpClient server, Recorder recorder)
{
    private const int AtOnce = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks all of these jobs up.</summary>
    public Task LookAsync(IEnumerable<Guid> jobs, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(jobs, Options(cancellationToken), async (id, token) =>
        {
            var sentAt = recorder.Now;
            recorder.Saw(Wire.Sighting(id, sentAt, await ReadAsync($"/jobs/{id}", token)));
        });

    /// <summary>Waits until no job waits or runs, or until it has taken too long.</summary>
    public async Task DrainAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var end = recorder.Now + limit;

        while (recorder.Now < end && await AnyAsync(cancellationToken))
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Every job of the store, with its attempts.</summary>
    public async Task<IReadOnlyList<StoredJob>> ListAsync(CancellationToken cancellationToken)
    {
        var jobs = new ConcurrentBag<StoredJob>();

        await foreach (var page in PagesAsync("pageSize=200", cancellationToken))
        {
            await Parallel.ForEachAsync(page.Select(Wire.Job), Options(cancellationToken), async (job, token) => jobs.Add(await WithAttemptsAsync(job, token)));
        }

        return [.. jobs];
    }

    private async ValueTask<StoredJob> WithAttemptsAsync(StoredJob job, CancellationToken cancellationToken)
    {
        if (job.Attempt == 0 || job.Attempts.Count > 0)
        {
            return job;
        }

        var reply = await ReadAsync($"/jobs/{job.Id}/attempts", cancellationToken);
        return reply.Status == 200 ? job with { Attempts = [.. reply.Body.GetProperty("items").EnumerateArray().Select(Wire.Attempt)] } : job;
    }

    private async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync("state=scheduled,queued,running&pageSize=1", cancellationToken))
        {
            if (page.Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    private async IAsyncEnumerable<IReadOnlyList<JsonElement>> PagesAsync(
        string query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;

        do
        {
            var reply = await ReadAsync($"/jobs?{query}{(next is null ? "" : "&pageToken=" + Uri.EscapeDataString(next))}", cancellationToken);
            yield return reply.Status == 200 ? [.. reply.Body.GetProperty("items").EnumerateArray()] : [];
            next = reply.Text("nextPageToken");
        }
        while (next is not null);
    }

    /// <summary>A read that gets no answer it can use is itself something to report: nothing disturbs this server now.</summary>
    private async Task<Reply> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var reply = await Api.GetAsync(server, path, cancellationToken);

        if (reply.Status is not (200 or 404 or 410))
        {
            recorder.Broken($"GET {path} of a healthy server was answered with {reply.Detail}.");
        }

        return reply;
    }

    private static ParallelOptions Options(CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
}
