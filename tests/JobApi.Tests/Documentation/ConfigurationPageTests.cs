using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Execution;
using JobApi.Engine.Files;
using JobApi.Engine.Results;
using JobApi.Engine.Storage;
using JobApi.Engine.Storage.Searching;
using JobApi.Engine.Upkeep;
using JobApi.Engine.Workers;
using JobApi.Sqlite;
using JobApi.Testing;

namespace JobApi.Tests.Documentation;

/// <summary><c>docs/configuration.md</c> names every setting of the engine, with the default it has.</summary>
public sealed partial class ConfigurationPageTests
{
    /// <summary>Defaults that depend on the machine are written in words.</summary>
    private static readonly Dictionary<string, string> InWords = new()
    {
        ["JobApi:Workers:MinWorkers"] = "number of processors",
        ["JobApi:Workers:MaxWorkers"] = "4 for each processor",
    };

    public static TheoryData<string, object> Sections => new()
    {
        { "JobApi", new StoreOptions() },
        { "JobApi:Workers", new WorkerOptions() },
        { "JobApi:Execution", new ExecutionOptions() },
        { "JobApi:Results", new ResultsOptions() },
        { "JobApi:Retention", new RetentionOptions() },
        { "JobApi:Retention:Types:TYPE", new TypeRetentionOptions() },
        { "JobApi:Files", new FileStoreOptions() },
        { "JobApi:Dispatch", new DispatchOptions() },
        { "JobApi:Lease", new LeaseOptions() },
        { "JobApi:Stats", new StatsOptions() },
        { "JobApi:Disk", new DiskOptions() },
        { "JobApi:Search", new SearchOptions() },
        { "JobApi:Sqlite", new SqliteOptions() },
    };

    [Theory]
    [MemberData(nameof(Sections), DisableDiscoveryEnumeration = true)]
    public void Every_setting_stands_there_with_its_default(string section, object options)
    {
        var page = File.ReadAllText(Path.Combine(ServerProcess.Repository, "docs", "configuration.md"));
        var defaults = Row().Matches(page).ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value);

        foreach (var property in options.GetType().GetProperties().Where(IsSetting))
        {
            var setting = $"{section}:{property.Name}";
            var expected = InWords.GetValueOrDefault(setting) ?? (property.GetValue(options) is { } value ? Convert.ToString(value, CultureInfo.InvariantCulture)! : "none");

            Assert.True(defaults.TryGetValue(setting, out var written), $"{setting} is missing.");
            Assert.Equal(expected, written, ignoreCase: true);
        }
    }

    /// <summary>Not what is made of other settings, and not a collection whose members have rows of their own.</summary>
    private static bool IsSetting(PropertyInfo property) =>
        property.PropertyType != typeof(Engine.Lifecycle.RetentionPolicy) && property.PropertyType != typeof(IDictionary<string, TypeRetentionOptions>);

    /// <summary>A row of a table, or a setting and its default in a sentence.</summary>
    [GeneratedRegex("`(JobApi:[\\w:]+)`(?: \\| | \\(default )`?([^`|(),]+?)`?(?: \\||[,)])")]
    private static partial Regex Row();
}
