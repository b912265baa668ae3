using System.Text.Json;

namespace JobApi.Tests.Architecture;

/// <summary>
/// Packages with a published security fix never fall below it. The list stands in for an advisory feed, which builds without access to
/// one do not see; what the build resolved is read from the lock files, so packages that came with another package count as well.
/// </summary>
public sealed class PackageVersionTests
{
    private static readonly Dictionary<string, Version> Minimum = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AngleSharp"] = new(0, 9, 11), // NuGet page marks earlier ones as vulnerable to mutation attacks
        ["Microsoft.Data.Sqlite"] = new(10, 0, 15), // the first line here that carries SQLite 3.51.3, which repairs the WAL-reset corruption
        ["Microsoft.Extensions.Caching.Memory"] = new(8, 0, 1), // CVE-2024-43483, hash flooding
        ["Microsoft.OpenApi"] = new(2, 12, 1), // the version the API document was checked with
        ["NetVips.Native.linux-arm64"] = new(8, 18, 7), // libvips and its codecs decode strangers' files: the newest there is
        ["NetVips.Native.linux-x64"] = new(8, 18, 7),
        ["Newtonsoft.Json"] = new(13, 0, 1), // CVE-2024-21907, stack overflow on deep nesting
        ["Npgsql"] = new(8, 0, 3), // CVE-2024-32655, SQL injection by message length overflow
        ["System.Drawing.Common"] = new(4, 7, 2), // CVE-2021-24112, remote code execution
        ["System.Formats.Asn1"] = new(8, 0, 1), // CVE-2024-38095, denial of service
        ["System.Net.Http"] = new(4, 3, 4), // CVE-2018-8292, credentials sent on a redirect
        ["System.Text.Encodings.Web"] = new(4, 7, 2), // CVE-2021-26701, remote code execution
        ["System.Text.Json"] = new(8, 0, 5), // CVE-2024-43485, denial of service
        ["System.Text.RegularExpressions"] = new(4, 3, 1), // CVE-2019-0820, denial of service
    };

    [Fact]
    public void No_resolved_package_is_older_than_its_last_security_fix() => Assert.DoesNotContain(Resolved(), IsTooOld);

    [Fact]
    public void The_packages_that_decode_strangers_files_are_among_those_checked() =>
        Assert.Contains(Resolved(), package => package.Name == "NetVips.Native.linux-x64");

    [Theory]
    [InlineData("System.Text.Json", "8.0.4", true)]
    [InlineData("System.Text.Json", "8.0.5", false)]
    [InlineData("system.text.json", "6.0.0-preview.1", true)]
    [InlineData("Some.Other.Package", "0.0.1", false)]
    public void A_version_below_the_minimum_is_caught(string name, string version, bool tooOld) =>
        Assert.Equal(tooOld, IsTooOld(new("packages.lock.json", name, version)));

    private static bool IsTooOld(ResolvedPackage package) =>
        Minimum.TryGetValue(package.Name, out var minimum) && Version.Parse(package.Version.Split('-')[0]) < minimum;

    private static List<ResolvedPackage> Resolved() =>
    [
        .. from lockFile in SourceTree.Files(".", "packages.lock.json")
           from framework in JsonDocument.Parse(File.ReadAllText(SourceTree.At(lockFile))).RootElement.GetProperty("dependencies").EnumerateObject()
           from package in framework.Value.EnumerateObject()
           where package.Value.TryGetProperty("resolved", out _)
           select new ResolvedPackage(lockFile, package.Name, package.Value.GetProperty("resolved").GetString()!),
    ];

    private sealed record ResolvedPackage(string LockFile, string Name, string Version);
}
