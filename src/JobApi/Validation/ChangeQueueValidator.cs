using FluentValidation;
using JobApi.Contracts;

namespace JobApi.Validation;

/// <summary>The rules of a change to a queue.</summary>
internal sealed class ChangeQueueValidator : AbstractValidator<ChangeQueueRequest>
{
    public ChangeQueueValidator()
    {
        RuleFor(change => change).Must(change => change.Paused is not null || change.ConcurrencyLimit.IsGiven)
            .OverridePropertyName(string.Empty).WithMessage("Give paused, concurrencyLimit or both.");
        RuleFor(change => change.ConcurrencyLimit).Must(limit => limit.Value is null or (>= 1 and <= SubmitJobValidator.MaxLimit))
            .WithMessage("This is a whole number from 1 to 1024, or null for no limit.");
    }
}
