using System.Globalization;

namespace JobApi.Engine.Storage;

/// <summary>As many queues are paused or limited as can be.</summary>
public sealed class TooManyQueuesException() : StoreException(string.Create(
    CultureInfo.InvariantCulture,
    $"{QueueChange.MaxRestricted:N0} queues are paused or limited, and no more can be. Resume one and take its limit away (concurrencyLimit: null) first. Nothing was changed."));
