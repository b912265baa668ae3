namespace JobApi.Faults.Disk;

/// <summary>Mixes what is durable of a file with what was written since, sector by sector, as a disk that reorders its writes may leave it.</summary>
/// <param name="seed">The same seed gives the same choices.</param>
internal sealed class SectorMixer(int seed)
{
    private static readonly int[] SectorBytes = [512, 4_096];

#pragma warning disable CA5394 // Choices that a seed repeats, not secrets.
    private readonly Random _random = new(seed);

    /// <summary>True or false, each as likely.</summary>
    public bool Coin() => _random.Next(2) == 0;

    /// <summary>The old or the new length; each sector old or new, and zero where that one has no bytes. What is equal in both stays as it is.</summary>
    public byte[] Mix(ReadOnlySpan<byte> durable, ReadOnlySpan<byte> live)
    {
        var sector = SectorBytes[_random.Next(SectorBytes.Length)];
        var mixed = new byte[Coin() ? durable.Length : live.Length];

        // Some disks lose little, some lose nearly all.
        var share = _random.NextDouble();

        for (var at = 0; at < mixed.Length; at += sector)
        {
            var end = Math.Min(at + sector, mixed.Length);
            var source = _random.NextDouble() < share ? live : durable;

            if (at < source.Length)
            {
                source[at..Math.Min(end, source.Length)].CopyTo(mixed.AsSpan(at));
            }
        }

        return mixed;
    }
#pragma warning restore CA5394
}
