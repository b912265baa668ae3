using CsCheck;
using JobApi.Engine.Storage.InMemory;

namespace JobApi.Engine.Tests.Storage;

/// <summary>The tree of the base library is the model. Sequences are long enough for runs to be split, joined and dropped.</summary>
public sealed class SortedRunsTests
{
    private static readonly Gen<(bool IsAdd, int Item)[]> Operations =
        Gen.Select(Gen.Frequency((3, true), (2, false)), Gen.Int[0, 1_500]).Array[0, 3_000];

    [Fact]
    public void Random_items_come_and_go_as_in_a_tree() => Operations.Sample(operations => Compare(operations), iter: 100);

    [Fact]
    public void A_queue_comes_and_goes_as_in_a_tree() => Gen.Int[1, 1_000].Sample(
        length => Compare(
        [
            .. Enumerable.Range(0, length).Select(item => (true, item)),
            .. Enumerable.Range(0, length - 1).Select(item => (false, item)),
            .. Enumerable.Range(length, length).Select(item => (true, item)),
        ]),
        iter: 50);

    [Fact]
    public void Descending_starts_below_its_bound() => Gen.Select(Gen.Int[0, 1_000].Array[0, 500], Gen.Int[-1, 1_001]).Sample(
        (items, bound) =>
        {
            var runs = new SortedRuns<int>();
            Array.ForEach(items, runs.Add);

            Assert.Equal(items.Distinct().Where(item => item < bound).OrderDescending(), runs.Descending(bound));
        },
        iter: 300);

    private static void Compare((bool IsAdd, int Item)[] operations)
    {
        var runs = new SortedRuns<int>();
        var tree = new SortedSet<int>();

        foreach (var (isAdd, item) in operations)
        {
            if (isAdd)
            {
                runs.Add(item);
                tree.Add(item);
            }
            else
            {
                runs.Remove(item);
                tree.Remove(item);
            }

            Assert.Equal(tree.Count == 0 ? null : tree.Min, runs.First);
        }

        Assert.Equal(tree.Reverse(), runs.Descending(null));
    }
}
