using JobApi.Faults.Twins;

/// <summary>The runtime calls this in a server that is started with <c>DOTNET_STARTUP_HOOKS</c>, before its own first line.</summary>
internal static class StartupHook
{
    public static void Initialize() => TwinHook.Install();
}
