using JobApi.Jobs.HttpRequest;
using JobApi.Jobs.ImageResize;
using JobApi.Jobs.Safety;
using JobApi.Jobs.Sleep;
using JobApi.Jobs.Square;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Jobs;

/// <summary>Adds the job types that come with the server.</summary>
public static class BuiltInJobs
{
    /// <summary>Adds every built-in job type, each configured from the sub-section that bears its name. Settings are checked when the host starts.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="jobs">The section (<c>JobApi:Jobs</c>); it may be empty, every setting has a default.</param>
    public static IServiceCollection AddBuiltInJobs(this IServiceCollection services, IConfiguration jobs)
    {
        ArgumentNullException.ThrowIfNull(jobs);

        return services
            .AddOutbound(jobs.GetSection("Outbound"))
            .AddSquare()
            .AddSleep()
            .AddImageResize(jobs.GetSection("ImageResize"))
            .AddHttpRequest(jobs.GetSection("HttpRequest"));
    }

    /// <summary>Binds options that are refused at start when they break a rule.</summary>
    internal static IServiceCollection AddCheckedOptions<TOptions, TRules>(this IServiceCollection services, IConfiguration section)
        where TOptions : class
        where TRules : class, Microsoft.Extensions.Options.IValidateOptions<TOptions>
    {
        services.AddOptions<TOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<Microsoft.Extensions.Options.IValidateOptions<TOptions>, TRules>();
    }
}
