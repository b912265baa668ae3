using JobApi.Faults.Checking;
using JobApi.Faults.Servers;
using JobApi.Faults.Twins;
using JobApi.Testing;

namespace JobApi.Faults.Kinds;

/// <summary>
/// The data file is damaged, copy by copy in every way: each must be refused with a message that says so, and none must become an empty
/// store. The file itself stays whole and is used again.
/// </summary>
internal sealed class DamagedFile : IFault
{
    private const int Page = 4_096;

    /// <summary>Done to the file of a server that stopped: its log is empty, so nothing can mend the damage.</summary>
    private static readonly (string Name, Action<string> Do)[] OfStopped =
    [
        ("cut to half", file => Resize(file, static length => length / 2 / Page * Page)),
        ("cut within its last page", file => Resize(file, static length => length - 100)),
        ("short of its last page", file => Resize(file, static length => length - Page)),
        ("empty", file => Resize(file, static _ => 0)),
        ("without its header", file => Scribble(file, 0, 100)),
        ("scribbled over", file => Scribble(file, Page, Page * 8)),
    ];

    /// <summary>Done to the file of a server that was killed: its log holds what the file does not.</summary>
    private static readonly (string Name, Action<string> Do)[] OfKilled =
    [
        ("missing, with its log still there", File.Delete),
        ("without its header", file => Scribble(file, 0, 100)),
    ];

    public string Name => "a damaged, cut or missing data file";

    public IReadOnlyList<Control> Controls { get; } = [new(Twin.StartsAnew, ViolationKind.Server)];

    public async Task StrikeAsync(Trial trial, CancellationToken cancellationToken)
    {
        await trial.LoadAsync(300, 600, cancellationToken);
        await trial.Server.StopAsync();
        await TryAsync(trial, OfStopped);
        await trial.Server.StartAsync(cancellationToken);
        await trial.LoadAsync(200, 400, cancellationToken);
        await trial.Server.KillAsync();
        await TryAsync(trial, OfKilled);
        await trial.Server.StartAsync(cancellationToken);
    }

    private static async Task TryAsync(Trial trial, (string Name, Action<string> Do)[] damages)
    {
        foreach (var (name, damage) in damages)
        {
            var folder = Directory.CreateTempSubdirectory("jobapi-damaged-").FullName;

            try
            {
                foreach (var file in Directory.EnumerateFiles(trial.Server.DataFolder))
                {
                    File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
                }

                damage(ServerUnderTest.FileIn(folder));
                await ExpectRefusalAsync(trial, folder, name);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task ExpectRefusalAsync(Trial trial, string folder, string damage)
    {
        try
        {
            await using var server = await ServerProcess.StartAsync(trial.Server.Setup(folder));
            trial.Recorder.Broken($"A server started although its data file was {damage}.");
        }
        catch (InvalidOperationException refusal)
        {
            if (!refusal.Message.Contains("is damaged", StringComparison.Ordinal) && !refusal.Message.Contains("is missing", StringComparison.Ordinal))
            {
                trial.Recorder.Broken($"A server whose data file was {damage} did not start, but did not say why: {refusal.Message}");
            }
        }
    }

    private static void Resize(string file, Func<long, long> length)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
        stream.SetLength(length(stream.Length));
    }

    private static void Scribble(string file, long from, int length)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
        var bytes = new byte[length];
        Array.Fill(bytes, (byte)0xA5);
        stream.Position = from;
        stream.Write(bytes);
    }
}
