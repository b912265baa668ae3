using System.Text.Json;
using JobApi.Testing;

namespace JobApi.Tests.Hosting;

/// <summary>What the runtime is told before the program's first line runs: as the built program says it.</summary>
public sealed class RuntimeSettingsTests
{
    [Theory]
    [InlineData("System.GC.Server", "true", "the web SDK's default, on which docs/decisions/0026 builds")]
    [InlineData("System.GC.DGen0GrowthPercent", "500", "docs/decisions/0026")]
    [InlineData("System.Threading.ThreadPool.HillClimbing.Disable", "true", "docs/decisions/0020")]
    public void The_program_comes_with_the_settings_that_were_measured(string name, string value, string why)
    {
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(ServerProcess.Assembly, ".runtimeconfig.json")));

        Assert.True(
            config.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties").TryGetProperty(name, out var found) && found.GetRawText() == value,
            $"{name} is not {value}: {why}");
    }

    /// <summary>A setting the runtime does not know, any more or at all, is passed over in silence.</summary>
    [Theory]
    [InlineData("GCDGen0GrowthPercent")]
    [InlineData("ServerGC")]
    public void The_collector_knows_the_settings(string name) => Assert.Contains(name, GC.GetConfigurationVariables().Keys);
}
