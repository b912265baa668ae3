using JobApi.Engine;
using JobApi.Engine.Execution;
using JobApi.Engine.Workers;
using JobApi.Guards;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace JobApi.Hosting;

/// <summary>
/// How the server behaves when nobody configured it: reachable from this machine only, with bounds on what it reads and a readable
/// log. Every value is a default; settings from files, the environment and the command line go before it.
/// </summary>
internal static class SafeDefaults
{
    public const string Address = "http://localhost:5080";

    /// <summary>Whichever of these is set says where to listen.</summary>
    private static readonly string[] AddressSettings = ["urls", "http_ports", "https_ports"];

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",

        // At any other level the framework makes an activity for every request, whoever may want it. A listener gets its activities all the same.
        ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None",
        ["Logging:LogLevel:System"] = "Warning",
        ["Logging:LogLevel:Polly"] = "Warning",
        ["Logging:Console:FormatterName"] = LineFormatter.Key,
    };

    /// <summary>
    /// The command line with what must be known before the builder is made: settings are read once. A watcher of their files would follow
    /// the whole content root, and with it every write to a data folder in there.
    /// </summary>
    public static string[] Arguments(string[] args) => ["--hostBuilder:reloadConfigOnChange=false", .. args];

    public static void UseSafeDefaults(this WebApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Settings });

        builder.Logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();

        // The slim builder insists on its simple console, whatever the settings say; they have the last word again.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = builder.Configuration["Logging:Console:FormatterName"]);

        if (AddressSettings.All(setting => string.IsNullOrEmpty(builder.Configuration[setting]))
            && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(Address);
        }

        // Certificates in the Kestrel section work, although the slim builder leaves HTTPS out.
        builder.WebHost.UseKestrelHttpsConfiguration();

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = HttpOptions.MostJsonBytes;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });

        builder.Services.AddOptions<HttpOptions>().BindConfiguration(HttpOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<HttpOptions>, HttpOptionsRules>();

        // The guard applies the same setting and answers with a problem; the built-in filter would come before it.
        builder.Services.Configure<HostFilteringOptions>(filter => filter.AllowedHosts = ["*"]);

        // The engine drains by its own clock; a host that lost patience first would abandon jobs that were about to end.
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<WorkerOptions>, IOptions<ExecutionOptions>>(SetPatience);
    }

    private static void SetPatience(HostOptions host, IOptions<WorkerOptions> workers, IOptions<ExecutionOptions> execution)
    {
        try
        {
            host.ShutdownTimeout = JobEngineServices.MaxShutdownTime(workers.Value, execution.Value);
        }
        catch (OptionsValidationException)
        {
            // The host checks all settings when it starts, and names every one that is wrong.
        }
    }
}
