namespace JobApi.Engine.Storage.InMemory;

/// <summary>The ids deleted last, up to a bound.</summary>
internal sealed class Tombstones(int bound)
{
    private readonly Queue<Guid> _oldestFirst = [];
    private readonly HashSet<Guid> _ids = [];

    public bool Contains(Guid id) => _ids.Contains(id);

    public void Add(Guid id)
    {
        if (bound == 0 || !_ids.Add(id))
        {
            return;
        }

        _oldestFirst.Enqueue(id);

        if (_oldestFirst.Count > bound)
        {
            _ids.Remove(_oldestFirst.Dequeue());
        }
    }
}
