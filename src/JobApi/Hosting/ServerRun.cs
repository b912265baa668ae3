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
            Console.Error.WriteLine($"JobApi does not start. {why}");
            return ExitCodeRefused;
        }

        app.Run();
        return Environment.ExitCode;
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
