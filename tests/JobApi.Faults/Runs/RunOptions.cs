using System.Globalization;

namespace JobApi.Faults.Runs;

/// <summary>What a run from the command line does.</summary>
internal sealed record RunOptions
{
    public const string Usage = """
        Usage: dotnet run -c Release --project tests/JobApi.Faults -- [--long | --short] [options]

          --long         1,000 kills, 100 power cuts, 50 freezes, and ten of every other fault
          --short        30 kills, 5 power cuts, and one of every other fault
          --kills N      how often the server is killed
          --cuts N       how often the power is cut
          --stops N      how often the process is frozen
          --others N     how often every other fault strikes
          --seed N       what chance depends on; a run prints its seed
          --clients N    clients at once; by default what suits each fault
          --only TEXT    only faults whose name contains this
        """;

    private static readonly RunOptions Long = new() { Kills = 1_000, Cuts = 100, Stops = 50, Others = 10 };

    private static readonly RunOptions Short = new() { Kills = 30, Cuts = 5, Stops = 1, Others = 1 };

    /// <summary>How often the server is killed, in all ways together.</summary>
    public int Kills { get; init; }

    /// <summary>How often the power is cut.</summary>
    public int Cuts { get; init; }

    /// <summary>How often the process is frozen.</summary>
    public int Stops { get; init; }

    /// <summary>How often every other fault strikes.</summary>
    public int Others { get; init; }

    /// <summary>What chance depends on; drawn when absent.</summary>
    public int? Seed { get; init; }

    /// <summary>Clients at once; by default what suits each fault.</summary>
    public int? Clients { get; init; }

    /// <summary>Part of the names of the faults to try; all when absent.</summary>
    public string? Only { get; init; }

    /// <summary>Reads a command line; null when it makes no sense.</summary>
    public static RunOptions? Read(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
        {
            return null;
        }

        RunOptions? options = arguments.Contains("--long") ? Long : Short;

        for (var index = 0; index < arguments.Count && options is not null; index++)
        {
            if (arguments[index] is not ("--long" or "--short"))
            {
                options = index + 1 < arguments.Count ? options.With(arguments[index], arguments[++index]) : null;
            }
        }

        return options;
    }

    private RunOptions? With(string name, string value) => (name, Number(value)) switch
    {
        ("--only", _) => this with { Only = value },
        (_, null) => null,
        ("--kills", { } number) => this with { Kills = number },
        ("--cuts", { } number) => this with { Cuts = number },
        ("--stops", { } number) => this with { Stops = number },
        ("--others", { } number) => this with { Others = number },
        ("--seed", { } number) => this with { Seed = number },
        ("--clients", > 0 and { } number) => this with { Clients = number },
        _ => null,
    };

    private static int? Number(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
