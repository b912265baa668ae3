using System.Text.RegularExpressions;

namespace JobApi.Tests.Architecture;

/// <summary>
/// The rooms of the engine from the ground up. A file may use the rooms of lower floors and its own, never those of its own floor or
/// above; the files beside the rooms (composition) may use all of them, and no room may use those.
/// </summary>
internal static partial class EngineFolders
{
    private const string Engine = "src/JobApi.Engine/";

    public static IReadOnlyList<string[]> Floors { get; } =
    [
        ["Lifecycle"],
        ["Storage"],
        ["Files", "Diagnostics"],
        ["Events"],
        ["Results", "Execution"],
        ["Completion"],
        ["Dispatch"],
        ["Submission", "Workers"],
        ["Upkeep"],
    ];

    /// <summary>The rooms below a room.</summary>
    public static IEnumerable<string> MayUse(string folder) => Floors.TakeWhile(floor => !floor.Contains(folder)).SelectMany(floor => floor);

    /// <summary>Every use of a room that the floors forbid, and every room that stands on no floor.</summary>
    public static IEnumerable<string> Violations(IReadOnlyCollection<SourceFile> files)
    {
        var declared = files.ToLookup(FolderOf, file => TypeDeclaration().Matches(file.Code).Select(match => match.Groups["name"].Value));

        foreach (var file in files.Where(file => FolderOf(file) is not null))
        {
            var folder = FolderOf(file)!;
            if (!Floors.Any(floor => floor.Contains(folder)))
            {
                yield return $"{file.Path}: the room {folder} stands on no floor.";
                continue;
            }

            if (!file.Code.Contains($"namespace JobApi.Engine.{folder}", StringComparison.Ordinal))
            {
                yield return $"{file.Path}: its namespace is not JobApi.Engine.{folder}.";
            }

            foreach (var used in UsedBy(file, declared).Distinct().Where(used => used != folder && !MayUse(folder).Contains(used)))
            {
                yield return $"{file.Path}: {folder} must not use {used}.";
            }

            foreach (var composition in declared[null].SelectMany(names => names).Where(name => Mentions(file.Code, name)))
            {
                yield return $"{file.Path}: {folder} must not use {composition}, which puts the rooms together.";
            }
        }
    }

    // By full name (with or without a using directive), or by the name relative to the engine's namespace that C# also allows.
    private static IEnumerable<string> UsedBy(SourceFile file, ILookup<string?, IEnumerable<string>> declared) =>
        FullName().Matches(file.Code).Select(match => match.Groups["folder"].Value)
            .Concat(declared.Select(room => room.Key).OfType<string>().Where(room =>
                declared[room].SelectMany(names => names).Any(name => Mentions(file.Code, $"{room}.{name}"))));

    private static bool Mentions(string code, string name) => Regex.IsMatch(code, $@"(?<![\w.]){Regex.Escape(name)}(?!\w)");

    private static string? FolderOf(SourceFile file) =>
        file.Path[Engine.Length..].Split('/') is [var folder, _, ..] ? folder : null;

    [GeneratedRegex(@"\bJobApi\.Engine\.(?<folder>[A-Z]\w*)(?!\w)(?<!namespace JobApi\.Engine\.\w+)")]
    private static partial Regex FullName();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum)\s+(?<name>[A-Z]\w*)")]
    private static partial Regex TypeDeclaration();
}
