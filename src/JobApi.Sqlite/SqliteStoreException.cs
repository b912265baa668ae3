namespace JobApi.Sqlite;

/// <summary>
/// The data file cannot be used, or a write's outcome is unknown. The message says which, and what a person can do about it.
/// </summary>
public sealed class SqliteStoreException : Exception
{
    /// <param name="message">What is wrong, in words for whoever runs the server.</param>
    /// <param name="cause">What SQLite or the operating system said.</param>
    public SqliteStoreException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
