using FluentValidation;

namespace JobApi.Jobs.Sleep;

internal sealed class SleepValidator : AbstractValidator<SleepPayload>
{
    public const int MaxSeconds = 3_600;

    public SleepValidator()
    {
        RuleFor(payload => payload.Seconds).InclusiveBetween(0, MaxSeconds).WithMessage($"Must be from 0 to {MaxSeconds} seconds.");
        RuleFor(payload => payload.FailTimes).InclusiveBetween(0, 100).WithMessage("Must be from 0 to 100.");
    }
}
