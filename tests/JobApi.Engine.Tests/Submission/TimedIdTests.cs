using System.Collections.Concurrent;
using JobApi.Engine.Submission;

namespace JobApi.Engine.Tests.Submission;

public sealed class TimedIdTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 31, 9, 30, 0, 123, TimeSpan.Zero);

    [Fact]
    public void An_id_is_a_UUIDv7_of_its_millisecond()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var id = TimedId.Create(Now);

            Assert.Equal(7, id.Version);
            Assert.InRange(id.Variant, 8, 11);
            Assert.Equal(Now.ToUnixTimeMilliseconds(), Convert.ToInt64(id.ToString("N")[..12], 16));
        }
    }

    [Fact]
    public void No_random_bits_are_used_twice_on_whatever_thread()
    {
        var bits = new ConcurrentDictionary<string, bool>();

        Parallel.For(0, 10_000, _ => Assert.True(bits.TryAdd(TimedId.Create(Now).ToString("N")[12..], true)));
    }

    [Fact]
    public void Every_random_bit_takes_both_values()
    {
        var (ones, zeros) = (new byte[16], new byte[16]);

        for (var i = 0; i < 1_000; i++)
        {
            var id = TimedId.Create(Now).ToByteArray(bigEndian: true);

            for (var at = 0; at < id.Length; at++)
            {
                ones[at] |= id[at];
                zeros[at] |= (byte)~id[at];
            }
        }

        // All but the four bits of the version and the two of the variant.
        byte[] random = [0x0F, 0xFF, 0x3F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];

        for (var at = 0; at < random.Length; at++)
        {
            Assert.Equal(random[at], (byte)(ones[6 + at] & zeros[6 + at]));
        }
    }
}
