using System.Collections.Frozen;

namespace JobApi.Engine.Execution;

/// <summary>The job types this process can run, fixed at start.</summary>
public sealed class HandlerRegistry
{
    private readonly FrozenDictionary<string, JobType> _types;

    /// <summary>Collects what <see cref="JobHandlerServices.AddJobHandler"/> registered.</summary>
    /// <exception cref="InvalidOperationException">Two handlers claim the same type.</exception>
    public HandlerRegistry(IEnumerable<JobType> types)
    {
        var all = types.ToArray();
        var twice = all.GroupBy(type => type.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);

        if (twice is not null)
        {
            throw new InvalidOperationException($"Job type '{twice.Key}' is registered by {twice.Count()} handlers; a type has exactly one.");
        }

        _types = all.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);
        Names = _types.Keys.ToFrozenSet(StringComparer.Ordinal);
        All = [.. all.OrderBy(type => type.Name, StringComparer.Ordinal)];
    }

    /// <summary>Every registered type, by name.</summary>
    public IReadOnlyList<JobType> All { get; }

    /// <summary>The names of all registered types.</summary>
    public IReadOnlySet<string> Names { get; }

    /// <summary>The type of this name, or null.</summary>
    public JobType? Find(string name) => _types.GetValueOrDefault(name);
}
