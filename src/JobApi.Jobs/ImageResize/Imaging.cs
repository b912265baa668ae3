using NetVips;

namespace JobApi.Jobs.ImageResize;

/// <summary>Sets the native imaging library up, once for the process, before its first use.</summary>
internal static class Imaging
{
    private static readonly string[] AcceptedLoaders =
        ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif", "VipsForeignLoadHeif"];

    private static readonly Lazy<bool> Ready = new(SetUp);

    /// <exception cref="InvalidOperationException">The library is not there for this platform.</exception>
    public static void EnsureReady() => _ = Ready.Value;

    private static bool SetUp()
    {
        if (!ModuleInitializer.VipsInitialized)
        {
            throw new InvalidOperationException(
                "The imaging library could not be loaded. The server is built for one platform; publish it for this one.", ModuleInitializer.Exception);
        }

        // Uploads are hostile until proven otherwise: no loader but the five that are needed, and nothing the library's authors mistrust.
        NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);

        foreach (var loader in AcceptedLoaders)
        {
            Operation.Block(loader, false);
        }

        // The worker pool runs images side by side; threads inside one image would multiply with it. No two jobs share an operation, so
        // remembering the latest ones would only keep their memory.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;

        // It writes its warnings about odd files to the process's error output; callers could fill the log with them.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, static (_, _, _) => { });

        return true;
    }
}
