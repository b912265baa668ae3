using FluentValidation;
using JobApi.Contracts;

namespace JobApi.Validation;

/// <summary>The rules of a cancellation.</summary>
internal sealed class CancelJobValidator : AbstractValidator<CancelJobRequest>
{
    public CancelJobValidator() =>
        RuleFor(cancel => cancel.Reason).MaximumLength(500).WithMessage("This is text of at most 500 characters.");
}
