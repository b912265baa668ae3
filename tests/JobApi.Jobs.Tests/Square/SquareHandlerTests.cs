using JobApi.Engine.Execution;
using JobApi.Jobs.Square;
using JobApi.Jobs.Tests.Support;

namespace JobApi.Jobs.Tests.Square;

public sealed class SquareHandlerTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(12, 144)]
    [InlineData(-3, 9)]
    [InlineData(3_037_000_499, 9_223_372_030_926_249_001)]
    public async Task A_number_is_squared(long number, long square) =>
        Assert.Equal(square, (await HandleAsync(number)).Succeeded().Number);

    [Theory]
    [InlineData(3_037_000_500)]
    [InlineData(-3_037_000_500)]
    [InlineData(long.MinValue)]
    public async Task A_square_beyond_64_bits_fails_for_good(long number) =>
        (await HandleAsync(number)).FailedForGood("overflow");

    private static Task<Attempt<SquareResult>> HandleAsync(long number) =>
        new SquareHandler().HandleAsync(new SquarePayload(number), TestJobContext.Create(), CancellationToken.None);
}
