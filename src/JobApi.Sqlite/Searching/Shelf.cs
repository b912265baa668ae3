namespace JobApi.Sqlite.Searching;

/// <summary>
/// So many jobs, by their numbers, have an index of their own. FTS5 gathers everything that begins with a prefix before it gives the first job, and looks for two words that never meet
/// to the end of the index whatever range it was asked for: the size of a shelf is what bounds that. It also makes deleting old jobs cheap: an empty shelf is thrown away as a whole.
/// </summary>
internal static class Shelf
{
    /// <summary>Jobs on a shelf, as a power of two.</summary>
    private const int Bits = 17;

    public static long Of(long sequence) => sequence >> Bits;

    /// <summary>The first sequence of a shelf.</summary>
    public static long First(long shelf) => shelf << Bits;

    /// <summary>The words come parted already, so all that is left to do is to split at spaces.</summary>
    public static string Make(long shelf) => $"CREATE VIRTUAL TABLE {Name(shelf)} USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii')";

    public static string Drop(long shelf) => $"DROP TABLE {Name(shelf)}";

    public static string Match(long shelf) => $"SELECT rowid FROM {Name(shelf)} WHERE words MATCH $expression AND rowid < $before ORDER BY rowid DESC LIMIT $max";

    public static string Add(long shelf) => $"INSERT INTO {Name(shelf)} (rowid, words) VALUES ($seq, $words)";

    public static string Remove(long shelf) => $"DELETE FROM {Name(shelf)} WHERE rowid = $seq";

    public static string List(long shelf) => $"SELECT id FROM {Name(shelf)}_docsize WHERE id > $after ORDER BY id LIMIT $max";

    /// <summary>The shelf of a table; null when it is none.</summary>
    public static long? Read(string table) =>
        table.StartsWith(Prefix, StringComparison.Ordinal) && long.TryParse(table.AsSpan(Prefix.Length), out var shelf) ? shelf : null;

    private const string Prefix = "text_";

    private static string Name(long shelf) => Prefix + shelf.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
