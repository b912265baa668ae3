using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using FluentValidation;
using JobApi.Backups;
using JobApi.Contracts;
using JobApi.Endpoints;
using JobApi.Metrics;
using JobApi.Requests;
using JobApi.Validation;

namespace JobApi.Hosting;

/// <summary>What the endpoints need besides the engine.</summary>
internal static class HttpFront
{
    public static void AddHttpFront(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options =>
        {
            var json = options.SerializerOptions;
            json.TypeInfoResolverChain.Insert(0, JobApiJson.Default);
            json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.Converters.Add(new UtcTimeConverter());
        });

        services.AddSingleton<IValidator<SubmitJobRequest>, SubmitJobValidator>();
        services.AddSingleton<IValidator<BackoffSettings>, BackoffValidator>();
        services.AddSingleton<IValidator<UniqueSettings>, UniqueValidator>();
        services.AddSingleton<IValidator<AmendJobRequest>, AmendJobValidator>();
        services.AddSingleton<IValidator<JobFilterRequest>, JobFilterValidator>();
        services.AddSingleton<IValidator<CancelJobsRequest>, CancelJobsValidator>();
        services.AddSingleton<IValidator<CancelJobRequest>, CancelJobValidator>();
        services.AddSingleton<IValidator<ChangeQueueRequest>, ChangeQueueValidator>();
        services.AddSingleton<IValidator<ResizeWorkersRequest>, ResizeWorkersValidator>();

        services.AddSingleton<JobDrafts>();
        services.AddSingleton<JobResponses>();
        services.AddSingleton<JobLookup>();
        services.AddSingleton<JobTypeCatalog>();
        services.AddSingleton<JobReader>();
        services.AddSingleton<JobSweep>();
        services.AddSingleton<Forecasts>();
        services.AddSingleton<ExpectedWait>();
        services.AddSingleton<SubmitEndpoint.Answer>();
        services.AddSingleton<MetricsReport>();
        services.AddOptions<BackupOptions>().BindConfiguration(BackupOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<BackupMaker>();

        // Behind the engine: whoever reads that the server listens may take it for ready.
        services.AddHostedService<StartupNotice>();
    }
}
