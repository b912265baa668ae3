using FluentValidation;
using JobApi.Contracts;

namespace JobApi.Validation;

/// <summary>The rules of a key that one job at a time holds.</summary>
internal sealed class UniqueValidator : AbstractValidator<UniqueSettings>
{
    public UniqueValidator()
    {
        RuleFor(unique => unique.Key).Length(1, 255).WithMessage("This is text of 1 to 255 characters.");
        RuleFor(unique => unique.OnConflict).Must(word => word is null || Words.OnConflict(word) is not null)
            .WithMessage($"This is one of {string.Join(", ", Words.UniqueConflicts)}.");
    }
}
