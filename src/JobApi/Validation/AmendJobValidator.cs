using FluentValidation;
using JobApi.Contracts;

namespace JobApi.Validation;

/// <summary>The rules of a change to a job that has not started.</summary>
internal sealed class AmendJobValidator : AbstractValidator<AmendJobRequest>
{
    public AmendJobValidator(TimeProvider time)
    {
        RuleFor(change => change).Must(change => change.Priority is not null || change.RunAt is not null || change.Tags is not null)
            .OverridePropertyName(string.Empty).WithMessage("Give priority, runAt, tags or several of them.");
        RuleFor(change => change.Priority).InclusiveBetween(-100, 100).WithMessage(SubmitJobValidator.PriorityRule);
        RuleFor(change => change.RunAt).Must(at => at <= time.GetUtcNow().AddSeconds(SubmitJobValidator.MaxSpanSeconds)).When(change => change.RunAt is not null)
            .WithMessage(SubmitJobValidator.RunAtRule);
        RuleFor(change => change.Tags).Custom((tags, context) => TagRules.Check(tags, context, canBeNull: true));
    }
}
