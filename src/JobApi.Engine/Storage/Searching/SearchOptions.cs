using System.ComponentModel.DataAnnotations;

namespace JobApi.Engine.Storage.Searching;

/// <summary>Search for words in payloads, tags and errors.</summary>
public sealed class SearchOptions
{
    /// <summary>The section of these settings within the engine's.</summary>
    public const string Section = "Search";

    /// <summary>Whether jobs can be searched for words. Without it nothing is indexed, and a request with <c>q</c> is refused. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The part of its time that the indexer works while others write to the store; 0.01 to 1. It takes all when nobody does. Default 0.05.</summary>
    [Range(0.01, 1)]
    public double BusyShare { get; set; } = 0.05;
}
