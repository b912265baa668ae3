using System.Diagnostics;
using Xunit;

namespace JobApi.Faults.Disk.Tests;

/// <summary>Runs the small program on a faulty disk.</summary>
internal static class Probe
{
    /// <summary>Runs it to its end, whatever that is.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="script">Its arguments, separated by blanks; a word that begins with a slash is a path on that disk.</param>
    /// <returns>A line for each thing done.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(FaultyDisk disk, string script)
    {
        var words = script.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.StartsWith('/') ? disk.Data + word : word);
        var start = new ProcessStartInfo(DiskLibrary.Probe, words) { RedirectStandardOutput = true, RedirectStandardError = true };

        foreach (var (name, value) in disk.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var complaints = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(string.Empty, await complaints);

        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The text of a file on the disk; null when there is none.</summary>
    public static string? Text(FaultyDisk disk, string name) =>
        Path.Combine(disk.Data, name) is var path && File.Exists(path) ? File.ReadAllText(path) : null;
}
