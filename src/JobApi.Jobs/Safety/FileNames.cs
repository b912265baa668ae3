namespace JobApi.Jobs.Safety;

/// <summary>Names for files that are made of something a stranger chose.</summary>
internal static class FileNames
{
    private const int MaxLength = 200;

    /// <summary>The last segment of an address's path, or null where it has none.</summary>
    public static string? Of(Uri url) => Clean(Uri.UnescapeDataString(url.Segments.Length == 0 ? string.Empty : url.Segments[^1]));

    /// <summary>Without folders, control characters and excess length; null when nothing is left.</summary>
    public static string? Clean(string? name)
    {
        var last = name?.Split('/', '\\')[^1];
        var clean = string.Concat((last ?? string.Empty).Where(c => !char.IsControl(c) && !char.IsSurrogate(c)));
        return clean.Length switch
        {
            0 => null,
            > MaxLength => clean[..MaxLength],
            _ => clean,
        };
    }
}
