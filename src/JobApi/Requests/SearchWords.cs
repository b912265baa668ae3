using JobApi.Engine.Storage.Searching;

namespace JobApi.Requests;

/// <summary>The <c>q</c> of a request, in the query or in the body.</summary>
internal static class SearchWords
{
    /// <param name="text">As it was written.</param>
    /// <param name="isSearchable">Whether this server searches.</param>
    /// <param name="query">What is looked for; null when it is refused.</param>
    /// <returns>Why it is refused; null when it is not.</returns>
    public static string? Read(string text, bool isSearchable, out SearchQuery? query)
    {
        query = null;
        return isSearchable ? SearchQuery.Read(text, out query) : "Search is turned off on this server (JobApi:Search:Enabled).";
    }
}
