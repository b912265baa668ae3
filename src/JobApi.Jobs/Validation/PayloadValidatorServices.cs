using FluentValidation;
using JobApi.Engine.Execution;
using JobApi.Jobs.Validation;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Jobs;

/// <summary>Registers FluentValidation classes as the rules of a payload.</summary>
public static class PayloadValidatorServices
{
    /// <summary>
    /// Checks every payload of type <typeparamref name="TPayload"/> before its job is accepted. What is wrong is answered to the caller
    /// with a JSON pointer to the place. The rules are made once, so they must not depend on scoped services, and must not do I/O.
    /// </summary>
    /// <typeparam name="TRules">The rules.</typeparam>
    /// <typeparam name="TPayload">What they judge.</typeparam>
    public static IServiceCollection AddPayloadValidator<TRules, TPayload>(this IServiceCollection services)
        where TRules : AbstractValidator<TPayload> =>
        services.AddSingleton<IPayloadValidator<TPayload>>(provider => new FluentPayloadValidator<TPayload>(ActivatorUtilities.CreateInstance<TRules>(provider)));
}
