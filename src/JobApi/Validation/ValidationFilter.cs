using System.Text.Json;
using FluentValidation;
using FluentValidation.Results;
using JobApi.Engine.Execution;
using JobApi.Refusals;
using JobApi.Requests;

namespace JobApi.Validation;

/// <summary>Runs the rules of a request before its handler sees it.</summary>
internal static class ValidationFilter
{
    /// <summary>Says that an endpoint takes this JSON body, and lets only valid ones through.</summary>
    /// <param name="endpoint">An endpoint whose handler takes a <see cref="JsonBody{T}"/>.</param>
    /// <param name="optional">Whether the request may come without a body; the handler's parameter is nullable then.</param>
    public static RouteHandlerBuilder Validate<TRequest>(this RouteHandlerBuilder endpoint, bool optional = false)
        where TRequest : class =>
        endpoint.WithMetadata(new RequestBody(typeof(TRequest), optional)).AddEndpointFilter(CheckAsync<TRequest>);

    /// <summary>Why a request breaks its rules; null when it keeps them.</summary>
    public static Problem? Refuse<TRequest>(this IValidator<TRequest> rules, TRequest request) =>
        rules.Validate(request) is { IsValid: false } result ? Problems.InvalidRequest([.. result.Errors.Select(ToError)]) : null;

    private static ValueTask<object?> CheckAsync<TRequest>(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        where TRequest : class
    {
        // The rules look at the request, the clock, the settings and the pool as it is: nothing that has to be waited for.
        if (context.Arguments.OfType<JsonBody<TRequest>>().FirstOrDefault() is { } body)
        {
            var rules = context.HttpContext.RequestServices.GetRequiredService<IValidator<TRequest>>();

            if (rules.Refuse(body.Value) is { } problem)
            {
                return ValueTask.FromResult<object?>(problem);
            }
        }

        return next(context);
    }

    private static PayloadError ToError(ValidationFailure failure) => new(ToPointer(failure.PropertyName), failure.ErrorMessage);

    /// <summary><c>Backoff.BaseSeconds</c> becomes <c>/backoff/baseSeconds</c>; what begins with a slash is a pointer already.</summary>
    private static string ToPointer(string property) => property switch
    {
        "" or ['/', ..] => property,
        _ => string.Concat(property.Split('.').Select(name => "/" + JsonNamingPolicy.CamelCase.ConvertName(name))),
    };
}
