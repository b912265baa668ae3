using System.Diagnostics;
using System.Text;
using JobApi.Testing;

namespace JobApi.Tests.Documentation;

/// <summary>Types blocks of commands into one bash, as a reader does: what a block sets, the later ones see.</summary>
internal static class Shell
{
    /// <summary>Runs the blocks one after the other and returns what each of them wrote, errors included.</summary>
    /// <param name="blocks">One or more commands each.</param>
    /// <param name="folder">Where they run.</param>
    /// <param name="limit">Ends a shell that waits for something that never comes.</param>
    public static async Task<IReadOnlyList<string>> RunAsync(IEnumerable<string> blocks, string folder, TimeSpan limit)
    {
        var separator = $"-- {Guid.NewGuid()} --";
        var script = new StringBuilder("exec 2>&1\n");
        foreach (var block in blocks)
        {
            script.Append(block).Append('\n').Append("printf '%s\\n' '").Append(separator).Append("'\n");
        }

        using var bash = Process.Start(new ProcessStartInfo(Tool.Find("bash")!, ["-s"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

        using var late = new CancellationTokenSource(limit);
        await using var ending = late.Token.Register(() => bash.Kill(entireProcessTree: true));

        await bash.StandardInput.WriteAsync(script.ToString());
        bash.StandardInput.Close();
        var output = await bash.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await bash.WaitForExitAsync(CancellationToken.None);

        return output.Split(separator + "\n")[..^1];
    }
}
