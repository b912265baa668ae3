namespace JobApi.Benchmarks.Peers;

/// <summary>What a system can be asked for over HTTP.</summary>
[Flags]
internal enum Features
{
    Submit = 1,
    Bulk = 2,
    Wait = 4,
    Read = 8,
    All = Submit | Bulk | Wait | Read,
}
