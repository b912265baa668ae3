using System.Runtime.InteropServices;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.InMemory;

/// <summary>How many jobs name a stored file, in payload or result.</summary>
internal sealed class FileUse
{
    private readonly Dictionary<Guid, int> _uses = [];

    public bool Contains(Guid file) => _uses.ContainsKey(file);

    public void Update(Job? before, Job? after)
    {
        Update(before?.Spec.Files, after?.Spec.Files);
        Update(before?.ResultFiles, after?.ResultFiles);
    }

    /// <summary>Adds before it takes away, so that no file is out of use in between.</summary>
    private void Update(IReadOnlyList<Guid>? before, IReadOnlyList<Guid>? after)
    {
        if (ReferenceEquals(before, after))
        {
            return;
        }

        for (var index = 0; index < (after?.Count ?? 0); index++)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_uses, after![index], out _)++;
        }

        for (var index = 0; index < (before?.Count ?? 0); index++)
        {
            Release(before![index]);
        }
    }

    private void Release(Guid file)
    {
        if (_uses.TryGetValue(file, out var uses) && uses > 1)
        {
            _uses[file] = uses - 1;
        }
        else
        {
            _uses.Remove(file);
        }
    }
}
