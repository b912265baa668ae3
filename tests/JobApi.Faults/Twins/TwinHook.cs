using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace JobApi.Faults.Twins;

/// <summary>Waits for the server to build its host, which every host announces, and adds registrations of its own after all others.</summary>
internal sealed class TwinHook : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    /// <summary>The environment variable that names the <see cref="Twin"/>.</summary>
    public const string Variable = "JOBAPI_FAULTS_TWIN";

    public static void Install() => DiagnosticListener.AllListeners.Subscribe(new TwinHook());

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.Extensions.Hosting")
        {
            value.Subscribe(this);
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value is { Key: "HostBuilding", Value: IHostBuilder builder })
        {
            var twin = Enum.Parse<Twin>(Environment.GetEnvironmentVariable(Variable) ?? nameof(Twin.None));
            builder.ConfigureServices((context, services) => TwinServices.Add(services, context.Configuration, twin));
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
