using JobApi.Engine.Execution;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Jobs.Sleep;

internal static class SleepJob
{
    public static IServiceCollection AddSleep(this IServiceCollection services) => services
        .AddPayloadValidator<SleepValidator, SleepPayload>()
        .AddJobHandler<SleepHandler>("sleep", type =>
        {
            type.Description = "Waits. For trying out waiting, retries, timeouts and cancellation.";
            type.Example = new SleepPayload(2);
            type.Json = BuiltInJobsJson.Default;

            // Longer than the longest sleep, so that only a timeout the caller asked for cuts one short.
            type.Timeout = TimeSpan.FromSeconds(SleepValidator.MaxSeconds) + TimeSpan.FromMinutes(5);
            type.MaxTimeout = TimeSpan.FromHours(2);
        });
}
