namespace JobApi.Hosting;

/// <summary>
/// Requests take what they need from the server's own services. Nothing here is made for one request, so none pays for a scope: what is
/// registered as scoped does not belong into this server.
/// </summary>
internal static class RequestServices
{
    public static void UseServicesWithoutScopes(this WebApplication app) => app.Use(next => context =>
    {
        context.RequestServices = app.Services;
        return next(context);
    });
}
