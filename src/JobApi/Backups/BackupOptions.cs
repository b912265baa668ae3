using System.ComponentModel.DataAnnotations;

namespace JobApi.Backups;

/// <summary>Where backups are kept.</summary>
internal sealed class BackupOptions
{
    public const string Section = "JobApi:Backup";

    /// <summary>The folder; made with the first backup. Relative to the working folder. Default <c>data/backups</c>.</summary>
    [Required]
    public string Folder { get; set; } = Path.Combine("data", "backups");
}
