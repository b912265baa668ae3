namespace JobApi.Benchmarks.Peers;

/// <summary>What a system can be asked for over HTTP.</summary>
[Flags]
internal enum Features
{
    Submit = 1,
    Bulk = 2,
    Wait = 4,
    Read = 8,

    /// <summary>A conditional read: <c>If-None-Match</c> is answered with 304 while nothing has changed.</summary>
    Revalidate = 16,

    All = Submit | Bulk | Wait | Read | Revalidate,
}
