namespace JobApi.Jobs.Sleep;

/// <param name="Seconds">How long to wait, 0 to 3,600; fractions are welcome.</param>
/// <param name="FailTimes">How many attempts fail after their wait before one succeeds.</param>
/// <param name="IgnoreCancellation">Behaves like a handler that does not listen: cancellation and timeout are not obeyed.</param>
internal sealed record SleepPayload(double Seconds, int FailTimes = 0, bool IgnoreCancellation = false);

/// <param name="SleptSeconds">How long the successful attempt waited.</param>
internal sealed record SleepResult(double SleptSeconds);
