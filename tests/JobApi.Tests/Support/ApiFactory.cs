using JobApi.Engine.Execution;
using JobApi.Engine.Files;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JobApi.Tests.Support;

/// <summary>
/// The whole server in this process, with job types made for tests: <c>echo</c>, <c>gate</c>, <c>fail</c> and <c>file</c>. One a test
/// class is enough; give settings for a server of one's own.
/// </summary>
public sealed class ApiFactory : WebApplicationFactory<Program>
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jobapi-").FullName;
    private readonly (string Key, string Value)[] _settings;
    private readonly Action<IServiceCollection>? _services;

    /// <summary>A server with the default settings.</summary>
    public ApiFactory()
        : this([])
    {
    }

    /// <summary>A server with settings and services of its own.</summary>
    /// <param name="settings">What differs from the defaults.</param>
    /// <param name="services">Services of the test.</param>
    /// <param name="onSocket">Whether it listens on a port of 127.0.0.1, for requests that no client library would send.</param>
    internal ApiFactory((string Key, string Value)[] settings, Action<IServiceCollection>? services = null, bool onSocket = false)
    {
        _settings = settings;
        _services = services;

        if (onSocket)
        {
            UseKestrel(0);
            StartServer();
            Api = new Api(new HttpClient { BaseAddress = new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("[::]", "127.0.0.1", StringComparison.Ordinal)) });
            return;
        }

        // Without the handlers that follow redirects and keep cookies: they would read every request into memory first.
        Api = new Api(CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false }));
    }

    /// <summary>Talks to the server.</summary>
    internal Api Api { get; }

    /// <summary>Holds and releases jobs of type <c>gate</c>.</summary>
    internal Gates Gates => Services.GetRequiredService<Gates>();

    /// <summary>What the server has logged as an error.</summary>
    internal ErrorLog Errors => Services.GetRequiredService<ErrorLog>();

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await IsFreeAsync("jobs.db");
        await DeleteFolderAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A path in the folder that goes with this server.</summary>
    internal string File(string name) => Path.Combine(_folder, name);

    /// <summary>A server's own thread may still be closing its data file: it lets go of the lock when that is done.</summary>
    internal async Task IsFreeAsync(string name)
    {
        var lockFile = File(name + ".lock");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        while (System.IO.File.Exists(lockFile))
        {
            try
            {
                await new FileStream(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None).DisposeAsync();
                return;
            }
            catch (IOException) when (!patience.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }

    /// <inheritdoc />
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        // Quick, and gone with the test; whoever means the file asks for it, and gets one of his own.
        builder.UseSetting("JobApi:Store", "memory");
        builder.UseSetting("JobApi:Sqlite:Path", Path.Combine(_folder, "jobs.db"));
        builder.UseSetting("JobApi:Files:Folder", Path.Combine(_folder, "files"));

        builder.UseSetting("JobApi:Backup:Folder", Path.Combine(_folder, "backups"));

        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<Gates>();
            services.AddSingleton<ErrorLog>();
            services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<ErrorLog>());
            services.AddJobHandler<EchoHandler>("echo", type => type.Example = new EchoPayload("hello"));
            services.AddJobHandler<GateHandler>("gate", type => type.Example = new GatePayload("g"));
            services.AddJobHandler<FailHandler>("fail", type => type.Example = new FailPayload(true));
            services.AddJobHandler<FileHandler>("file", type => type.Example = new FilePayload(new FileReference(Guid.Parse("0198f000-0000-7000-8000-000000000000"))));
            _services?.Invoke(services);
        });
    }

    /// <summary>A server's own thread may still be deleting what is in there.</summary>
    private async Task DeleteFolderAsync()
    {
        while (Directory.Exists(_folder))
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                await Task.Yield();
            }
        }
    }
}
