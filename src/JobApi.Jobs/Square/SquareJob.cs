using JobApi.Engine.Execution;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Jobs.Square;

internal static class SquareJob
{
    public static IServiceCollection AddSquare(this IServiceCollection services) => services.AddJobHandler<SquareHandler>("square", type =>
    {
        type.Description = "Squares a whole number.";
        type.Example = new SquarePayload(12);
        type.Json = BuiltInJobsJson.Default;
        type.Timeout = TimeSpan.FromSeconds(30);
        type.MaxAttempts = 1;
    });
}
