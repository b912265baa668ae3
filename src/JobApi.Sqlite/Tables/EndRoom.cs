using System.Text;
using JobApi.Engine.Lifecycle;

namespace JobApi.Sqlite.Tables;

/// <summary>
/// How many bytes a job that starts at once gets beyond what its row says, for what its end will add: as many as the latest success of its type took. New rows fill
/// their page to the last byte, so without room the ends would push others out of it, and every page would become two.
/// </summary>
internal sealed class EndRoom
{
    /// <summary>For the first of a type.</summary>
    public const int Usual = 40;

    /// <summary>A larger end is rare, or a page holds so few rows that there is little to win.</summary>
    public const int Max = 256;

    /// <summary>The time of the end, the duration and what the attempt is charged, less the lease; rounded up.</summary>
    private const int Rest = 8;

    private readonly Dictionary<string, int> _latest = new(StringComparer.Ordinal);

    public int For(string type) => _latest.GetValueOrDefault(type, Usual);

    /// <summary>A job of the type succeeded, with a result of so many bytes in its row.</summary>
    public void Took(Job job, int resultBytes) => _latest[job.Type] = Math.Min(Rest + resultBytes + Encoding.UTF8.GetByteCount(job.Worker ?? string.Empty), Max);
}
