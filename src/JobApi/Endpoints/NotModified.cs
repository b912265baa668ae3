namespace JobApi.Endpoints;

/// <summary>304: the caller has this version already.</summary>
internal sealed class NotModified : IResult
{
    public static readonly NotModified Answer = new();

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }
}
