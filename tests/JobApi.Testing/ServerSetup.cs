namespace JobApi.Testing;

/// <summary>How a <see cref="ServerProcess"/> is started.</summary>
public sealed record ServerSetup
{
    /// <summary>Settings as on a command line, such as <c>--JobApi:Workers:MinWorkers=2</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables set on top of the environment of the tests.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The server's assembly; that of the build these tests are of when absent.</summary>
    public string? Assembly { get; init; }

    /// <summary>The folder it is started in, which is kept when it ends; a temporary one that goes with it when absent.</summary>
    public string? Folder { get; init; }
}
