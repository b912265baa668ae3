namespace JobApi.Contracts;

/// <summary>A backup that was made.</summary>
/// <param name="Name">Its folder within the server's backup folder.</param>
/// <param name="Bytes">Bytes of the data file and of the files in it.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
/// <param name="Jobs">Its jobs by state.</param>
/// <param name="Files">Files that its jobs name and that are in it.</param>
/// <param name="MissingFiles">Files that its jobs name and that were gone already.</param>
public sealed record BackupResponse(string Name, long Bytes, double DurationMs, IReadOnlyDictionary<string, long> Jobs, int Files, int MissingFiles);
