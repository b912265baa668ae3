using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.InMemory;

/// <summary>Which job holds which unique key: each that has one, from its submission until it has ended.</summary>
internal sealed class UniqueKeys
{
    private readonly Dictionary<string, StoredJob> _holders = new(StringComparer.Ordinal);

    /// <summary>The job that holds this key.</summary>
    public StoredJob? Holder(UniqueKey key) => _holders.GetValueOrDefault(key.Key);

    public void Update(StoredJob stored, Job? before, Job? after)
    {
        if ((after ?? before)?.Spec.Unique is not { } unique)
        {
            return;
        }

        if (after?.State.IsTerminal() == false)
        {
            _holders[unique.Key] = stored;
        }
        else if (before?.State.IsTerminal() == false)
        {
            _holders.Remove(unique.Key);
        }
    }
}
