using System.Diagnostics;
using JobApi.Testing;

namespace JobApi.Benchmarks.Measures;

/// <summary>What one picture costs: a photograph of twelve megapixels, and a small file that claims to be huge.</summary>
internal sealed class ImageMeasure : IMeasure
{
    private const int Photos = 20;

    public string Name => "image";

    public async IAsyncEnumerable<Measurement> RunAsync()
    {
        await using var server = await ServerProcess.StartAsync("--JobApi:Store=memory", "--JobApi:Stats:Enabled=false");
        var photo = await server.Client.UploadAsync(Pictures.Photo(), "image/jpeg");
        var bomb = await server.Client.UploadAsync(Pictures.Bomb(), "image/png");

        var first = server.Cpu();
        await ResizeAsync(server, photo);
        yield return new Measurement("12-megapixel JPEG to 320-pixel WebP, first of the process", (server.Cpu() - first).TotalMilliseconds, "ms CPU", 150);

        var before = server.Cpu();

        for (var i = 0; i < Photos; i++)
        {
            await ResizeAsync(server, photo);
        }

        yield return new Measurement($"the same, mean of {Photos} more", (server.Cpu() - before).TotalMilliseconds / Photos, "ms CPU", 150);

        var start = Stopwatch.GetTimestamp();
        var refused = await server.Client.SubmitAsync("image-resize", new { file = bomb, width = 320 }, waitSeconds: 30);
        var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        if (refused.State() != "failed" || refused.GetProperty("attempt").GetInt32() != 1)
        {
            throw new InvalidOperationException($"The bomb ended {refused}.");
        }

        yield return new Measurement("20,000 x 20,000 PNG: permanent failure", took, "ms", 100);
        yield return new Measurement("resident memory after it, at its highest", server.PeakResidentMiB(), "MiB");
    }

    private static async Task ResizeAsync(ServerProcess server, string photo)
    {
        var job = await server.Client.SubmitAsync("image-resize", new { file = photo, width = 320, format = "webp" }, waitSeconds: 30);

        if (job.State() != "succeeded")
        {
            throw new InvalidOperationException($"The job ended {job}.");
        }
    }
}
