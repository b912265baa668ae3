using FluentValidation;
using JobApi.Engine.Execution;

namespace JobApi.Jobs.Validation;

/// <summary>Lets a FluentValidation class judge payloads, and says where in JSON what it found is.</summary>
internal sealed class FluentPayloadValidator<TPayload>(IValidator<TPayload> rules) : IPayloadValidator<TPayload>
{
    public IEnumerable<PayloadError> Validate(TPayload payload) =>
        rules.Validate(payload).Errors.Select(error => new PayloadError(JsonPointer.FromProperty(error.PropertyName), error.ErrorMessage));
}
