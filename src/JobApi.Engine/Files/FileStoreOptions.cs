using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Files;

/// <summary>Where uploaded and produced files lie, and how large, how many and how old they may get.</summary>
public sealed class FileStoreOptions
{
    /// <summary>The folder; created when missing. Relative to the working directory. Default <c>data/files</c>.</summary>
    [Required]
    public string Folder { get; set; } = Path.Combine("data", "files");

    /// <summary>The most bytes of one file; 1 B to 1 TiB. Default 100 MiB.</summary>
    [Range(1, 1L << 40)]
    public long MaxFileBytes { get; set; } = 100L << 20;

    /// <summary>The most bytes of all files together, those in the making included; 1 B to 1 PiB. Default 10 GiB.</summary>
    [Range(1, 1L << 50)]
    public long MaxTotalBytes { get; set; } = 10L << 30;

    /// <summary>How long a file that no job names is kept; 1 minute to 365 days. Default 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan UnusedFileLifetime { get; set; } = TimeSpan.FromHours(24);
}

/// <summary>The rule that spans two settings.</summary>
internal sealed class FileStoreOptionsRules : IValidateOptions<FileStoreOptions>
{
    public ValidateOptionsResult Validate(string? name, FileStoreOptions options) => options.MaxFileBytes > options.MaxTotalBytes
        ? ValidateOptionsResult.Fail(
            $"JobApi:Files:MaxFileBytes ({options.MaxFileBytes}) is larger than JobApi:Files:MaxTotalBytes ({options.MaxTotalBytes}); no such file would find room.")
        : ValidateOptionsResult.Success;
}
