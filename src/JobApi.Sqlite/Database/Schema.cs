using System.Globalization;

namespace JobApi.Sqlite.Database;

/// <summary>The numbered migrations: <c>Migrations/0001-….sql</c> takes a file from version 0 to 1, and so on.</summary>
internal static class Schema
{
    /// <summary>Marks a file as ours: "JobA".</summary>
    public const long ApplicationId = 0x4A6F6241;

    private static readonly (int Version, string Resource)[] Migrations =
        [.. typeof(Schema).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name => (int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name))
            .Order()];

    /// <summary>The version this program reads and writes.</summary>
    public static int Version => Migrations[^1].Version;

    /// <summary>Brings a file to <see cref="Version"/>, each step in its own transaction. A file from a newer program is left alone.</summary>
    public static void Migrate(Db db, string path)
    {
        var found = db.Get("user_version");

        if (found > Version)
        {
            throw new SqliteStoreException(
                $"The data file {path} has schema version {found}; this program knows versions up to {Version}. Run the newer program that wrote it, or restore an older backup.");
        }

        foreach (var (version, resource) in Migrations)
        {
            if (version > found)
            {
                Apply(db, version, resource);
            }
        }
    }

    private static void Apply(Db db, int version, string resource)
    {
        using var reader = new StreamReader(typeof(Schema).Assembly.GetManifestResourceStream(resource)!);

        db.Execute("BEGIN IMMEDIATE");
        db.Execute(reader.ReadToEnd());
        db.Execute($"PRAGMA user_version = {version}");
        db.Execute("COMMIT");
    }
}
