namespace JobApi.Jobs.Safety;

/// <summary>Room for what is too large for memory and of use to one attempt only.</summary>
internal static class TempFile
{
    /// <summary>A file that only this process's user can read and that is gone when it is disposed of, or when the process ends, however it ends.</summary>
    public static FileStream Create()
    {
        var path = Path.Combine(Path.GetTempPath(), $"jobapi-{Path.GetRandomFileName()}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None };

        // Windows itself deletes it with its last handle, and the user's own temporary folder keeps others out.
        if (OperatingSystem.IsWindows())
        {
            options.Options = FileOptions.DeleteOnClose;
            return new FileStream(path, options);
        }

        // Elsewhere that option is .NET's and would be lost with the process: the name goes at once, and the system frees the bytes with the handle.
        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);

        try
        {
            File.Delete(path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
