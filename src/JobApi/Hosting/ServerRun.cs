using System.Reflection;
using JobApi.Backups;
using JobApi.Sqlite;
using Microsoft.Extensions.Options;

namespace JobApi.Hosting;

/// <summary>Runs the server, and ends with a sentence where a person has to act, not with a stack trace.</summary>
internal static class ServerRun
{
    /// <summary>The exit code of a process that did not start.</summary>
    public const int ExitCodeRefused = 1;

    /// <summary>Returns when the server has stopped.</summary>
    /// <returns>The exit code: 0, or what a part of the server has set because something was wrong.</returns>
    public static int RunToItsEnd(this WebApplication app)
    {
        if (WhyRefused(app.Services, app.Configuration[Restore.Setting]) is { } why)
        {
            return Refuse(why);
        }

        var (started, stopping) = (app.Lifetime.ApplicationStarted, app.Lifetime.ApplicationStopping);

        try
        {
            app.Run();
            return Environment.ExitCode;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Asked to stop before it had started.
            return Environment.ExitCode;
        }
#pragma warning disable CA1031 // A setting, a port, a certificate, a folder: whatever it is, a person has to act. The host has logged where it happened.
        catch (Exception failure) when (IsProcess && !started.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return Refuse(failure.Message);
        }
    }

    /// <summary>Whether this is the server's own process, and not somebody's who has it run within his, such as a test: he gets the exception.</summary>
    private static bool IsProcess => Assembly.GetEntryAssembly() == typeof(ServerRun).Assembly;

    private static int Refuse(string why)
    {
        Console.Error.WriteLine($"JobApi does not start. {why}");
        return ExitCodeRefused;
    }

    /// <summary>Restores if asked, and opens the data file, before the host starts, which would log a refusal with its whole stack.</summary>
    private static string? WhyRefused(IServiceProvider services, string? backup)
    {
        try
        {
            if (backup is not null)
            {
                Restore.From(backup, services);
            }

            services.GetService<SqliteJobStore>();
            return null;
        }
        catch (SqliteStoreException refusal)
        {
            return refusal.Message;
        }
        catch (OptionsValidationException)
        {
            // The host checks all settings when it starts, and names every one that is wrong.
            return null;
        }
    }
}
