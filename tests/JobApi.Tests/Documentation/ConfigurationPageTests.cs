using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using JobApi.Backups;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Execution;
using JobApi.Engine.Files;
using JobApi.Engine.Results;
using JobApi.Engine.Storage;
using JobApi.Engine.Storage.Searching;
using JobApi.Engine.Upkeep;
using JobApi.Engine.Workers;
using JobApi.Guards;
using JobApi.Sqlite;
using JobApi.Testing;

namespace JobApi.Tests.Documentation;

/// <summary><c>docs/configuration.md</c> names every setting of the server but those of the job types, with the default it has.</summary>
public sealed partial class ConfigurationPageTests
{
    /// <summary>Defaults that depend on the machine or on the store are written in words.</summary>
    private static readonly Dictionary<string, string> InWords = new()
    {
        ["JobApi:Workers:MinWorkers"] = "number of processors",
        ["JobApi:Workers:MaxWorkers"] = "4 for each processor",
        ["JobApi:MaxBacklog"] = string.Create(CultureInfo.InvariantCulture, $"{SqliteOptions.DefaultMaxBacklog} (memory: {new StoreOptions().MaxBacklog})"),
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
        { HttpOptions.Section, new HttpOptions() },
        { BackupOptions.Section, new BackupOptions() },
    };

    [Theory]
    [MemberData(nameof(Sections), DisableDiscoveryEnumeration = true)]
    public void Every_setting_stands_there_with_its_default(string section, object options)
    {
        var page = File.ReadAllText(Path.Combine(ServerProcess.Repository, "docs", "configuration.md"));
        var defaults = Row().Matches(page).ToDictionary(row => row.Groups["setting"].Value, row => row.Groups["default"].Value);

        foreach (var property in options.GetType().GetProperties().Where(IsSetting))
        {
            var setting = $"{section}:{property.Name}";
            var expected = InWords.GetValueOrDefault(setting) ?? Words(property.GetValue(options));

            Assert.True(defaults.TryGetValue(setting, out var written), $"{setting} is missing.");
            Assert.Equal(expected, written, ignoreCase: true);
        }
    }

    /// <summary>Options that somebody adds are held against the page as well.</summary>
    [Fact]
    public void Every_class_of_options_is_checked()
    {
        Assembly[] assemblies = [typeof(StoreOptions).Assembly, typeof(SqliteOptions).Assembly, typeof(HttpOptions).Assembly];

        // What is said of a job type is said in code.
        var options = assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type != typeof(JobTypeOptions));

        Assert.Equal(options.Select(type => type.Name).Order(), Sections.Select(row => row[1].GetType().Name).Order());
    }

    /// <summary>An absent value is none, and so is an empty list.</summary>
    private static string Words(object? value) =>
        value is null or IList<string> { Count: 0 } ? "none" : Convert.ToString(value, CultureInfo.InvariantCulture)!.Replace('\\', '/');

    /// <summary>Not what is made of other settings, and not a collection whose members have rows of their own.</summary>
    private static bool IsSetting(PropertyInfo property) =>
        property.PropertyType != typeof(Engine.Lifecycle.RetentionPolicy) && property.PropertyType != typeof(IDictionary<string, TypeRetentionOptions>);

    /// <summary>A row of a table, or a setting and its default in a sentence.</summary>
    [GeneratedRegex("`(?<setting>JobApi:[\\w:]+)`(?: \\| `?(?<default>[^`|]+?)`? \\|| \\(default `?(?<default>[^`|(),]+?)`?[,)])")]
    private static partial Regex Row();
}
