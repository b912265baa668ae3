using JobApi.Engine.Execution;

namespace JobApi.Jobs.Square;

/// <summary>The textbook's job: so small that what is measured with it is the server.</summary>
internal sealed class SquareHandler : IJobHandler<SquarePayload, SquareResult>
{
    public Task<Attempt<SquareResult>> HandleAsync(SquarePayload payload, JobContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Square(payload.Number));

    private static Attempt<SquareResult> Square(long number)
    {
        try
        {
            return new SquareResult(checked(number * number));
        }
        catch (OverflowException)
        {
            return Failure.Permanent($"The square of {number} does not fit into 64 bits.", "overflow", "The result is out of range");
        }
    }
}
