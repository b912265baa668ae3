namespace JobApi.Jobs.Safety;

/// <summary>Room for what is too large for memory and of use to one attempt only.</summary>
internal static class TempFile
{
    /// <summary>A file that only this process's user can read and that is gone when it is disposed of.</summary>
    public static FileStream Create()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
        };

        // On Windows the user's own temporary folder keeps others out.
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(Path.Combine(Path.GetTempPath(), $"jobapi-{Path.GetRandomFileName()}"), options);
    }
}
