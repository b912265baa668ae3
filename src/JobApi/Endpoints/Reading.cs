namespace JobApi.Endpoints;

/// <summary>How addresses are read.</summary>
internal static class Reading
{
    /// <summary>GET, and HEAD with the same headers: the server leaves the body away.</summary>
    public static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];
}
