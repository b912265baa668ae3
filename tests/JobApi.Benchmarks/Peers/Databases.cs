using System.Diagnostics;
using System.Globalization;
using JobApi.Testing;

namespace JobApi.Benchmarks.Peers;

/// <summary>The stores of the peers, each with its own data in a temporary folder, as durable as they are told to be.</summary>
internal static class Databases
{
    private const string DatabaseUser = "postgres";

    /// <param name="fsync">When the append-only file reaches the disk: <c>everysec</c> or <c>always</c>.</param>
    public static Task<ChildServer> RedisAsync(string fsync)
    {
        var program = Tool.Find("redis-server") ?? throw new MissingException("redis-server is not installed");
        var port = ChildServer.FreePort();

        // Its log is not rewritten as it grows, as it would be by default. In the peers' favour: a rewrite in somebody's turn is noise.
        return ChildServer.StartAsync(
            new ProcessStartInfo(
                program,
                [
                    "--port", Text(port), "--bind", "127.0.0.1", "--appendonly", "yes", "--appendfsync", fsync, "--auto-aof-rewrite-percentage", "0",
                    "--save", "", "--daemonize", "no",
                ]),
            "Ready to accept connections",
            new Uri($"redis://127.0.0.1:{port}"));
    }

    /// <summary>PostgreSQL as <c>initdb</c> sets it up: it flushes every commit.</summary>
    /// <exception cref="MissingException">It is not installed.</exception>
    /// <exception cref="InvalidOperationException">It could not be set up or did not start; the message holds what was written.</exception>
    public static async Task<ChildServer> PostgreSqlAsync()
    {
        var programs = ProgramsFolder() ?? throw new MissingException("PostgreSQL is not installed");
        var folder = Directory.CreateTempSubdirectory("jobapi-peer-");
        var data = Path.Combine(folder.FullName, "data");
        var port = ChildServer.FreePort();

        try
        {
            if (IsRoot)
            {
                await RunAsync(new ProcessStartInfo("chown", [DatabaseUser, folder.FullName]));
            }

            await RunAsync(AsDatabaseUser(Path.Combine(programs, "initdb"), "--pgdata", data, "--username", DatabaseUser, "--auth", "trust", "--encoding", "UTF8"));
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }

        return await ChildServer.StartAsync(
            AsDatabaseUser(
                Path.Combine(programs, "postgres"), "-D", data, "-p", Text(port), "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={folder.FullName}"),
            "ready to accept connections",
            new Uri($"postgres://{DatabaseUser}@127.0.0.1:{port}/postgres"),
            folder);
    }

    public static string ForNpgsql(ChildServer database) => $"Host=127.0.0.1;Port={database.Address.Port};Username={DatabaseUser};Database=postgres;Maximum Pool Size=64";

    private static bool IsRoot => Environment.UserName == "root";

    private static string? ProgramsFolder() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateFiles("/usr/lib/postgresql", "initdb", SearchOption.AllDirectories).Order().Select(Path.GetDirectoryName).LastOrDefault()
            : Path.GetDirectoryName(Tool.Find("initdb"));

    /// <summary>It refuses to run as root. <c>setpriv</c> becomes the program, so the process we know is the database itself.</summary>
    private static ProcessStartInfo AsDatabaseUser(string program, params string[] arguments)
    {
        if (!IsRoot)
        {
            return new ProcessStartInfo(program, arguments);
        }

        var setpriv = Tool.Find("setpriv") ?? throw new MissingException("setpriv is not installed, without which PostgreSQL cannot be started by root");
        return new ProcessStartInfo(setpriv, ["--reuid", DatabaseUser, "--regid", DatabaseUser, "--init-groups", program, .. arguments]);
    }

    private static async Task RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.WorkingDirectory = Path.GetTempPath();
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', [start.FileName, .. start.ArgumentList])} failed, exit code {process.ExitCode}. It wrote:\n{output}{await errors}");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
