using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace JobApi.Tests.Contract;

/// <summary>What the API description promises, read from the document that is served.</summary>
internal sealed partial class ServedContract
{
    private readonly Dictionary<string, HashSet<int>> _statuses = new(StringComparer.Ordinal);

    public ServedContract(JsonElement document)
    {
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var name = $"{operation.Name.ToUpperInvariant()} {path.Name}";
                var answers = operation.Value.GetProperty("responses").EnumerateObject().Where(answer => answer.Name != "default").ToArray();

                _statuses[name] = answers.Select(answer => int.Parse(answer.Name, CultureInfo.InvariantCulture)).ToHashSet();
                Refusals.UnionWith(answers.Where(answer => answer.Name[0] is '4' or '5')
                    .SelectMany(answer => Word().Matches(answer.Value.GetProperty("description").GetString()!).Select(word => $"{name}: {answer.Name} {word.Groups[1].Value}")));
            }
        }
    }

    /// <summary>Such as <c>GET /jobs/{id} 404</c>.</summary>
    public IEnumerable<string> Pairs => _statuses.SelectMany(operation => operation.Value.Select(status => $"{operation.Key} {status}"));

    /// <summary>Such as <c>GET /jobs/{id}: 404 job-not-found</c>.</summary>
    public HashSet<string> Refusals { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether an operation may answer so. What is not described, such as the page that shows the description, may answer anything.</summary>
    public bool Allows(string operation, int status) => !_statuses.TryGetValue(operation, out var declared) || declared.Contains(status);

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex Word();
}
