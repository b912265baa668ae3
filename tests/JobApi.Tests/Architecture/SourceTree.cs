using System.Text.RegularExpressions;

namespace JobApi.Tests.Architecture;

/// <summary>The repository as files: found by walking up from the test's own binaries, so that no path is ever configured.</summary>
internal static class SourceTree
{
    private static readonly string[] Generated = ["bin", "obj", "TestResults", "node_modules"];

    public static string Root { get; } = FindRoot();

    /// <summary>An absolute path from one that is relative to the repository.</summary>
    public static string At(string relativePath) => Path.Combine(Root, relativePath);

    /// <summary>The hand-written C# files below a folder of the repository.</summary>
    public static IReadOnlyList<SourceFile> CSharp(string folder) =>
        [.. Files(folder, "*.cs").Select(path => new SourceFile(path, File.ReadAllText(At(path))))];

    /// <summary>The folders below a folder of the repository, relative to it, without build output.</summary>
    public static IEnumerable<string> Folders(string folder) =>
        Directory.EnumerateDirectories(At(folder), "*", SearchOption.AllDirectories).Select(Relative).Where(IsWritten);

    /// <summary>The files below a folder of the repository that match a pattern, relative to the repository, without build output.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(At(folder), pattern, SearchOption.AllDirectories).Select(Relative).Where(IsWritten).Order(StringComparer.Ordinal);

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static bool IsWritten(string relativePath) => !relativePath.Split('/').Intersect(Generated).Any();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "JobApi.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository: no JobApi.sln in any parent folder.");
    }
}

/// <summary>One C# file. <see cref="Code"/> is its text without comments, so that a rule never trips over prose.</summary>
/// <param name="Path">Relative to the repository, with forward slashes.</param>
/// <param name="Text">The whole file.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    public string Code { get; } = Comment().Replace(Text, string.Empty);

    public int Lines { get; } = Text.TrimEnd('\n').Split('\n').Length;

    // "//" inside a string literal would be cut as well; what follows it on that line is never a type name that matters here.
    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
