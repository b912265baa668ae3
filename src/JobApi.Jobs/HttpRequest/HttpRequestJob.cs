using JobApi.Engine.Execution;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Jobs.HttpRequest;

internal static class HttpRequestJob
{
    public static IServiceCollection AddHttpRequest(this IServiceCollection services, IConfiguration section) => services
        .AddCheckedOptions<HttpRequestOptions, HttpRequestOptionsRules>(section)
        .AddPayloadValidator<HttpRequestValidator, HttpRequestPayload>()
        .AddJobHandler<HttpRequestHandler>("http-request", type =>
        {
            type.Description = "Sends a request to a public address and keeps the answer, as text or as a file. 408, 429 and 5xx are tried again.";
            type.Example = new HttpRequestPayload(new Uri("https://example.com/"));
            type.Json = BuiltInJobsJson.Default;
            type.Timeout = TimeSpan.FromMinutes(2);
            type.MaxAttempts = 5;
        });
}
