using JobApi.Engine.Storage;

namespace JobApi.Sqlite;

/// <summary>
/// The data file cannot be used, or a write's outcome is unknown. The message says which, and what a person can do about it.
/// </summary>
/// <param name="message">What is wrong, in words for whoever runs the server.</param>
/// <param name="cause">What SQLite or the operating system said.</param>
public sealed class SqliteStoreException(string message, Exception? cause = null) : StoreException(message, cause);
