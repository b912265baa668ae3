using JobApi.Faults.Checking;
using JobApi.Faults.Servers;
using JobApi.Faults.Twins;
using JobApi.Testing;

namespace JobApi.Faults.Kinds;

/// <summary>
/// The data file of a killed server is damaged, copy by copy in every way: each must be refused with a message that says so, and none must
/// become an empty store. The file itself stays whole and is used again.
/// </summary>
internal sealed class DamagedFile : IFault
{
    private const int Page = 4_096;

    private static readonly (string Name, Action<string> Do)[] Damages =
    [
        ("cut to half", file => Resize(file, static length => length / 2 / Page * Page)),
        ("cut within a page", file => Resize(file, static length => length - (Page / 2))),
        ("empty", file => Resize(file, static _ => 0)),
        ("without its header", file => Scribble(file, 0, 100)),
        ("scribbled over", file => Scribble(file, Page, Page * 8)),
        ("missing, with its log still there", File.Delete),
    ];

    public string Name => "a damaged, cut or missing data file";

    public IReadOnlyList<Control> Controls { get; } = [new(Twin.StartsAnew, ViolationKind.Server)];

    public async Task StrikeAsync(Trial trial, CancellationToken cancellationToken)
    {
        await trial.LoadAsync(300, 600, cancellationToken);

        // Asked to stop first, so that the file holds what its log held; killed later, so that there is a log.
        await trial.Server.StopAsync();
        await trial.Server.StartAsync(cancellationToken);
        await trial.LoadAsync(100, 200, cancellationToken);
        await trial.Server.KillAsync();

        foreach (var damage in Damages)
        {
            await TryAsync(trial, damage.Name, damage.Do);
        }

        await trial.Server.StartAsync(cancellationToken);
    }

    private static async Task TryAsync(Trial trial, string name, Action<string> damage)
    {
        var folder = Directory.CreateTempSubdirectory("jobapi-damaged-").FullName;

        try
        {
            foreach (var file in Directory.EnumerateFiles(trial.Server.DataFolder))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }

            damage(ServerUnderTest.FileIn(folder));

            await using var server = await ServerProcess.StartAsync(trial.Server.Setup(folder));
            trial.Recorder.Broken($"A server started although its data file was {name}.");
        }
        catch (InvalidOperationException refusal)
        {
            if (!refusal.Message.Contains("is damaged", StringComparison.Ordinal) && !refusal.Message.Contains("is missing", StringComparison.Ordinal))
            {
                trial.Recorder.Broken($"A server whose data file was {name} did not start, but did not say why: {refusal.Message}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
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
