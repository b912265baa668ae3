using JobApi.Faults.Twins;
using JobApi.Testing;

namespace JobApi.Faults.Servers;

/// <summary>What servers of a trial are started with.</summary>
internal sealed record ServerChoices
{
    /// <summary>The broken twin to start instead of the server; none by default.</summary>
    public Twin Twin { get; init; }

    /// <summary>Further settings, such as <c>--JobApi:Workers:MinWorkers=1</c>; of two for one setting the later counts.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Whether the data folder is on a <see cref="Disk.FaultyDisk"/>.</summary>
    public bool OnFaultyDisk { get; init; }

    /// <summary>Whether the job types that misbehave are added; a twin has them always.</summary>
    public bool WithUnrulyTypes { get; init; }

    /// <param name="dataFolder">Where the server keeps what it has.</param>
    /// <param name="disk">Environment variables that put the folder on another disk.</param>
    public ServerSetup ToSetup(string dataFolder, IReadOnlyDictionary<string, string> disk)
    {
        var environment = new Dictionary<string, string>(disk);

        if (WithUnrulyTypes || Twin != Twin.None)
        {
            environment["DOTNET_STARTUP_HOOKS"] = typeof(ServerChoices).Assembly.Location;
            environment[TwinHook.Variable] = Twin.ToString();
        }

        return new ServerSetup
        {
            Folder = dataFolder,
            Environment = environment,
            Arguments =
            [
                "--JobApi:Store=sqlite",
                $"--JobApi:Sqlite:Path={ServerUnderTest.FileIn(dataFolder)}",
                "--JobApi:Stats:Enabled=false",
                "--JobApi:Workers:MinWorkers=8",
                "--JobApi:Workers:MaxWorkers=8",

                // The sink is on this machine, gets every call and is never given a rest.
                "--JobApi:Jobs:Outbound:AllowPrivateAddresses=true",
                "--JobApi:Jobs:Outbound:RequestsPerSecondPerHost=100000",
                "--JobApi:Jobs:Outbound:BurstPerHost=100000",
                "--JobApi:Jobs:Outbound:BreakerMinimumRequests=100000",
                .. Arguments,
            ],
        };
    }
}
