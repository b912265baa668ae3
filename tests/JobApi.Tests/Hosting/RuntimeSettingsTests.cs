using System.Text.Json;
using JobApi.Testing;

namespace JobApi.Tests.Hosting;

/// <summary>What the runtime is told before the program's first line runs: as the built program says it.</summary>
public sealed class RuntimeSettingsTests
{
    [Theory]
    [InlineData("System.GC.Server", "true", "README.md: one heap a processor, not one for all")]
    [InlineData("System.GC.DGen0GrowthPercent", "500", "docs/decisions/0026")]
    [InlineData("System.Threading.ThreadPool.HillClimbing.Disable", "true", "docs/decisions/0020")]
    public void The_program_comes_with_the_settings_that_were_measured(string name, string value, string why)
    {
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(ServerProcess.Assembly, ".runtimeconfig.json")));

        Assert.True(
            config.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties").TryGetProperty(name, out var found) && found.GetRawText() == value,
            $"{name} is not {value}: {why}");
    }
}
