namespace JobApi.Tests.Contract;

/// <summary>Every row of the conformance suite.</summary>
internal static class ContractCases
{
    public const string Evil = "https://evil.example";

    public static readonly string[] Stores = ["memory", "sqlite"];

    /// <summary>More bytes than the servers of the suite take in a body.</summary>
    public static readonly string Large = $$"""{"reason":"{{new string('x', 2_200)}}"}""";

    public static IReadOnlyList<ContractCase> All { get; } = [.. SubmitCases.All, .. ReadCases.All, .. ChangeCases.All, .. QueueCases.All, .. ServerCases.All];
}
