namespace JobApi.Guards;

/// <summary>What the server takes over HTTP; section <c>JobApi:Http</c>.</summary>
internal sealed class HttpOptions
{
    public const string Section = "JobApi:Http";
    public const int LeastBytes = 1_024;
    public const int MostJsonBytes = 16 * 1_024 * 1_024;

    /// <summary>The longest JSON body; 1 KiB to 16 MiB. Default 256 KiB: what is larger belongs in a file.</summary>
    public int MaxJsonBytes { get; set; } = 256 * 1_024;

    /// <summary>The longest body with many jobs; 1 KiB to 16 MiB. Default 4 MiB. Each job in it is held to <see cref="MaxJsonBytes"/> as well.</summary>
    public int MaxBulkBytes { get; set; } = 4 * 1_024 * 1_024;

    /// <summary>Other sites whose pages may write here, such as <c>https://jobs.example</c>. None by default.</summary>
    public IList<string> AllowedOrigins { get; } = [];
}
