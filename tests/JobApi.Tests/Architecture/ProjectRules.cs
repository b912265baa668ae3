using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace JobApi.Tests.Architecture;

/// <summary>What one project of <c>src/</c> may know. A project is a wall: it stands where a dependency must not leak.</summary>
/// <param name="Projects">Projects it may reference.</param>
/// <param name="Packages">Packages it may reference, as name prefixes.</param>
/// <param name="Forbidden">Assemblies it must never be compiled against, as name prefixes, whatever brought them in.</param>
internal sealed record ProjectRule(string[] Projects, string[] Packages, string[] Forbidden);

/// <summary>The table of walls, and the question whether a project stands inside them.</summary>
internal static partial class ProjectRules
{
    private static readonly string[] Sql = ["Microsoft.Data.", "Npgsql", "SQLitePCL", "System.Data.SqlClient"];
    private static readonly string[] Web = ["Microsoft.AspNetCore.", "Swashbuckle.", "Microsoft.OpenApi"];

    public static IReadOnlyDictionary<string, ProjectRule> Table { get; } = new Dictionary<string, ProjectRule>
    {
        ["JobApi.Contracts"] = new([], [], ["JobApi", "Microsoft."]),
        ["JobApi.Client"] = new(["JobApi.Contracts"], [], ["JobApi.Engine", .. Web, .. Sql]),
        ["JobApi.Engine"] = new([], ["Microsoft.Extensions.", "Polly"], ["JobApi", .. Web, .. Sql]),
        ["JobApi.Sqlite"] = new(["JobApi.Engine"], ["Microsoft.Data.Sqlite", "SQLitePCLRaw", "Microsoft.Extensions."], ["JobApi.PostgreSql", "Npgsql", .. Web]),
        ["JobApi.PostgreSql"] = new(["JobApi.Engine"], ["Npgsql", "Microsoft.Extensions."], ["JobApi.Sqlite", "Microsoft.Data.", "SQLitePCL", .. Web]),
        ["JobApi.Jobs"] = new(
            ["JobApi.Engine"],
            ["FluentValidation", "Microsoft.Extensions.", "Polly", "NetVips", "AngleSharp", "Microsoft.Data.Sqlite", "Npgsql"],
            ["JobApi.Contracts", "JobApi.Sqlite", "JobApi.PostgreSql", "FluentValidation.AspNetCore", .. Web]),
        ["JobApi"] = new(
            ["JobApi.Contracts", "JobApi.Engine", "JobApi.Jobs", "JobApi.Sqlite", "JobApi.PostgreSql"],
            ["FluentValidation", "Microsoft.OpenApi", "Swashbuckle.", "prometheus-net", "OpenTelemetry", "Microsoft.Extensions."],
            ["JobApi.Client", .. Sql]),
    };

    /// <summary>What a project file asks for that its row of the table does not grant.</summary>
    public static IEnumerable<string> ViolationsOfProjectFile(string project, string xml)
    {
        if (!Table.TryGetValue(project, out var rule))
        {
            yield return $"{project} has no row in the table of projects.";
            yield break;
        }

        var references = XDocument.Parse(xml);

        foreach (var reference in Includes("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))))
        {
            if (!rule.Projects.Contains(reference))
            {
                yield return $"{project} must not reference the project {reference}.";
            }
        }

        foreach (var package in Includes("PackageReference"))
        {
            if (!StartsWithAny(package, rule.Packages))
            {
                yield return $"{project} must not reference the package {package}.";
            }
        }

        // Only the host speaks HTTP; it gets the framework from its SDK, so nobody needs to ask for it by name.
        foreach (var framework in Includes("FrameworkReference"))
        {
            yield return $"{project} must not reference the framework {framework}.";
        }

        foreach (var friend in Includes("InternalsVisibleTo").Where(friend => !TestAssembly().IsMatch(friend)))
        {
            yield return $"{project} shows its internals to {friend}; only tests may see them.";
        }

        IEnumerable<string> Includes(string element) =>
            references.Descendants(element).Select(item => (string?)item.Attribute("Include")).OfType<string>();
    }

    /// <summary>What a compiled assembly was built against that its project must never see.</summary>
    public static IEnumerable<string> ViolationsOfAssembly(string project, IEnumerable<string> referencedAssemblies) =>
        from assembly in referencedAssemblies
        let rule = Table[project]
        where StartsWithAny(assembly, rule.Forbidden) && !rule.Projects.Contains(assembly)
        select $"{project} is compiled against {assembly}.";

    private static bool StartsWithAny(string name, string[] prefixes) => prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    [GeneratedRegex(@"^JobApi\.(.+\.Tests|Tests|Testing|Benchmarks|Faults)$")]
    private static partial Regex TestAssembly();
}
