using System.Diagnostics;
using System.Runtime.InteropServices;

namespace JobApi.Faults.Disk;

/// <summary>The native part, compiled from its source when it is first needed.</summary>
internal static class DiskLibrary
{
    /// <summary>The compiler; tests that need a faulty disk name it.</summary>
    public const string Compiler = "gcc";

    private static readonly string[] Flags = ["-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread"];
    private static readonly Lazy<string> Library = new(() => Build("jobapi-disk.so", Source, ["-shared", "-fPIC", "-fvisibility=hidden"]));
    private static readonly Lazy<string> Program = new(() => Build("jobapi-disk-probe", System.IO.Path.Combine(Source, "Probe"), []));
    private static readonly Lazy<ListLive> Lister = new(() => Marshal.GetDelegateForFunctionPointer<ListLive>(
        NativeLibrary.GetExport(NativeLibrary.Load(Library.Value), "jobapi_disk_list_live")));

    private delegate int ListLive(
        nint control, [MarshalAs(UnmanagedType.LPUTF8Str)] string data, [MarshalAs(UnmanagedType.LPUTF8Str)] string shadow);

    /// <summary>The library to load before all others.</summary>
    public static string Path => Library.Value;

    /// <summary>A program that does what its arguments say, for trying the disk itself.</summary>
    public static string Probe => Program.Value;

    private static string Source => System.IO.Path.Combine(AppContext.BaseDirectory, "Disk", "Native");

    /// <summary>Writes what is in the data folder into lists beside those of what is durable, under the same numbers. No program may run.</summary>
    public static void List(DiskControl control, string data, string shadow) => Lister.Value(control.Address, data, shadow);

    private static string Build(string name, string source, string[] more)
    {
        var target = System.IO.Path.Combine(AppContext.BaseDirectory, name);

        // Two test processes may build at once: each under a name of its own, and the last move wins.
        var draft = $"{target}.{Environment.ProcessId}";
        string[] arguments = [.. Flags, .. more, "-o", draft, .. Directory.GetFiles(source, "*.c").Order(StringComparer.Ordinal), "-ldl"];
        using var compiler = Process.Start(new ProcessStartInfo(Compiler, arguments) { RedirectStandardError = true })!;
        var said = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();

        if (compiler.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Compiler} could not build {name}:{Environment.NewLine}{said}");
        }

        File.Move(draft, target, overwrite: true);
        return target;
    }
}
