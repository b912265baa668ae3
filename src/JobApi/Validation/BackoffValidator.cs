using FluentValidation;
using JobApi.Contracts;

namespace JobApi.Validation;

/// <summary>The rules of the pause between attempts.</summary>
internal sealed class BackoffValidator : AbstractValidator<BackoffSettings>
{
    public BackoffValidator()
    {
        RuleFor(backoff => backoff.Kind).Must(kind => kind is null || Words.Backoff(kind) is not null)
            .WithMessage($"This is one of {string.Join(", ", Words.BackoffKinds)}.");
        RuleFor(backoff => backoff.BaseSeconds).InclusiveBetween(0, 86_400).WithMessage("This is 0 to 86400 seconds (a day).");
        RuleFor(backoff => backoff.MaxSeconds).InclusiveBetween(0, 604_800).WithMessage("This is 0 to 604800 seconds (a week).");
        RuleFor(backoff => backoff.MaxSeconds).GreaterThanOrEqualTo(backoff => backoff.BaseSeconds)
            .When(backoff => backoff is { BaseSeconds: not null, MaxSeconds: not null })
            .WithMessage("This is not below baseSeconds.");
    }
}
