using System.Text.Json;

namespace JobApi.Benchmarks.Load;

/// <summary>What a load generator is to do: replay these requests, round and round, each connection sending its next one when it has the answer.</summary>
internal sealed record LoadPlan(Uri Server, int Connections, TimeSpan Duration, IReadOnlyList<byte[]> Requests);

/// <summary>What a load generator saw; every answer was one that was wanted.</summary>
internal sealed record LoadResult(long Requests, double Seconds, double P50Ms, double P99Ms, double MaxMs)
{
    private const string Mark = "RESULT ";

    /// <summary>Reads the line of JSON that both generators end with.</summary>
    /// <exception cref="LoadFailedException">There is none, or some requests did not get the answer they should have: such a run has no figures.</exception>
    public static LoadResult Parse(string output)
    {
        var line = output.Split('\n').LastOrDefault(line => line.StartsWith(Mark, StringComparison.Ordinal))
            ?? throw new LoadFailedException($"The load generator gave no result but: {output}");
        var json = JsonDocument.Parse(line[Mark.Length..]).RootElement;
        var (requests, refused, broken) = (Number("requests"), Number("refused"), Number("broken"));

        return requests == 0 || refused + broken > 0
            ? throw new LoadFailedException($"{requests:N0} requests, {refused:N0} of them refused, and {broken:N0} connections broken or timed out")
            : new LoadResult(requests, Number("microseconds") / 1e6, Number("p50") / 1e3, Number("p99") / 1e3, Number("max") / 1e3);

        long Number(string name) => json.GetProperty(name).GetInt64();
    }
}

/// <summary>A run that gives no figures.</summary>
internal sealed class LoadFailedException(string message) : Exception(message);
