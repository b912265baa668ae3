namespace JobApi.Jobs.Square;

/// <param name="Number">The number to square, a whole one of 64 bits.</param>
internal sealed record SquarePayload(long Number);

/// <param name="Number">The square.</param>
internal sealed record SquareResult(long Number);
