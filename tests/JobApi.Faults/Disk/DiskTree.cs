namespace JobApi.Faults.Disk;

/// <summary>Builds a folder as it may be found after a power cut, from the lists and bytes that the native part keeps.</summary>
internal sealed class DiskTree
{
    /// <summary>Lists of what is durable.</summary>
    public const string Durable = "dir";

    /// <summary>The number of the outermost folder.</summary>
    public const uint Root = 1;

    private const string Live = "live";

    private readonly string _shadow;
    private readonly string _names;
    private readonly SectorMixer? _mixer;
    private readonly Dictionary<uint, string> _live = [];

    /// <param name="shadow">The folder with the lists.</param>
    /// <param name="data">The folder as the program saw it.</param>
    /// <param name="cut">What becomes of what was not durable.</param>
    public DiskTree(string shadow, string data, PowerCut cut)
    {
        _shadow = shadow;
        _mixer = cut is PowerCut.Mixed mixed ? new SectorMixer(mixed.Seed) : null;
        _names = _mixer?.Coin() == true ? Live : Durable;
        FindLive(Root, data);
    }

    /// <summary>Where the entries of a folder are listed.</summary>
    public static string ListOf(string shadow, string list, uint id) => Path.Combine(shadow, $"{list}.{id}");

    /// <summary>Builds it.</summary>
    public void Build(string target) => Build(Root, target);

    private void Build(uint folder, string target)
    {
        Directory.CreateDirectory(target);

        foreach (var (isFolder, id, name) in Entries(_names, folder))
        {
            var path = Path.Combine(target, name);

            if (isFolder)
            {
                Build(id, path);
            }
            else
            {
                BuildFile(id, path);
            }
        }
    }

    private void BuildFile(uint id, string path)
    {
        var durable = Path.Combine(_shadow, $"file.{id}");

        if (_mixer is not null && _live.TryGetValue(id, out var live))
        {
            File.WriteAllBytes(path, _mixer.Mix(File.Exists(durable) ? File.ReadAllBytes(durable) : [], File.ReadAllBytes(live)));
        }
        else if (File.Exists(durable))
        {
            File.Copy(durable, path);
        }
        else
        {
            // A name whose file was never flushed.
            File.WriteAllBytes(path, []);
        }
    }

    private void FindLive(uint folder, string path)
    {
        foreach (var (isFolder, id, name) in Entries(Live, folder))
        {
            var child = Path.Combine(path, name);
            _live[id] = child;

            if (isFolder)
            {
                FindLive(id, child);
            }
        }
    }

    private List<(bool IsFolder, uint Id, string Name)> Entries(string list, uint folder)
    {
        var path = ListOf(_shadow, list, folder);

        // A folder that was never flushed has a name, perhaps, and no entries.
        return File.Exists(path)
            ? File.ReadLines(path).Select(line => line.Split(' ', 3)).Select(part => (part[0] == "d", uint.Parse(part[1], null), part[2]))
                .OrderBy(entry => entry.Item3, StringComparer.Ordinal).ToList()
            : [];
    }
}
