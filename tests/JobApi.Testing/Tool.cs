using Xunit;

namespace JobApi.Testing;

/// <summary>A program some tests need. At home a test that lacks its tool is skipped and says so; under CI it runs and fails.</summary>
public static class Tool
{
    /// <summary>Why a test that needs these tools cannot run here; null if it can, and always null under CI.</summary>
    public static string? WhyMissing(params string[] tools)
    {
        var missing = tools.Where(tool => Find(tool) is null).ToList();

        return missing.Count == 0 || Environment.GetEnvironmentVariable("CI") == "true"
            ? null
            : $"Needs {string.Join(" and ", missing)} on the PATH; .ci/run installs what is missing.";
    }

    /// <summary>Where a tool is, looked up on the PATH; null if it is not there.</summary>
    public static string? Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Where(folder => folder.Length > 0)
            .SelectMany(folder => new[] { Path.Combine(folder, tool), Path.Combine(folder, tool + ".exe") })
            .FirstOrDefault(File.Exists);
}

/// <summary>A fact that needs programs on the PATH.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    /// <param name="tools">Programs looked up on the PATH, such as <c>chromium</c>.</param>
    public ToolFactAttribute(params string[] tools) => Skip = Tool.WhyMissing(tools);
}

/// <summary>A theory that needs programs on the PATH.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolTheoryAttribute : TheoryAttribute
{
    /// <param name="tools">Programs looked up on the PATH, such as <c>bash</c>.</param>
    public ToolTheoryAttribute(params string[] tools) => Skip = Tool.WhyMissing(tools);
}
