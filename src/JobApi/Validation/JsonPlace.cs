using System.Globalization;
using System.Text;

namespace JobApi.Validation;

/// <summary>Where a walk over JSON stands, and which names each open object has had.</summary>
internal sealed class JsonPlace
{
    private readonly Level[] _levels = new Level[StrictJson.MaxDepth + 1];
    private int _depth;

    /// <summary>A value begins: in an array, the place moves on.</summary>
    public void Value()
    {
        if (_depth > 0 && _levels[_depth].Names is null)
        {
            _levels[_depth].Index++;
        }
    }

    public void EnterObject() => _levels[++_depth] = new Level(new HashSet<string>(StringComparer.Ordinal));

    public void EnterArray() => _levels[++_depth] = new Level(null);

    public void Leave() => _depth--;

    /// <summary>A member begins; false when its object has had it before.</summary>
    public bool Name(string name)
    {
        _levels[_depth].Name = name;
        return _levels[_depth].Names!.Add(name);
    }

    /// <summary>The place as a JSON pointer (RFC 6901).</summary>
    public override string ToString()
    {
        var pointer = new StringBuilder();

        for (var level = 1; level <= _depth; level++)
        {
            if (_levels[level] is { Names: null, Index: >= 0 } array)
            {
                pointer.Append('/').Append(array.Index.ToString(CultureInfo.InvariantCulture));
            }
            else if (_levels[level].Name is { } name)
            {
                pointer.Append('/').Append(name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
            }
        }

        return pointer.ToString();
    }

    private struct Level(HashSet<string>? names)
    {
        public readonly HashSet<string>? Names = names;
        public string? Name;
        public int Index = -1;
    }
}
