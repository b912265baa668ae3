using FluentValidation;
using JobApi.Jobs.Safety;

namespace JobApi.Jobs.HttpRequest;

internal sealed class HttpRequestValidator : AbstractValidator<HttpRequestPayload>
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    public HttpRequestValidator()
    {
        RuleFor(payload => payload.Url).Must(Urls.AreSendable).WithMessage(Urls.Rule);

        RuleFor(payload => payload.Method).Must(method => Methods.Contains(method, StringComparer.OrdinalIgnoreCase))
            .WithMessage($"Must be one of {string.Join(", ", Methods)}.");

        RuleFor(payload => payload.Body).Null().When(payload => Is(payload, "GET") || Is(payload, "HEAD"))
            .WithMessage(payload => $"{payload.Method} takes no body.");

        RuleFor(payload => payload.Headers).Custom((_, context) =>
        {
            foreach (var error in RequestHeaders.Check(context.InstanceToValidate))
            {
                context.AddFailure(error);
            }
        });
    }

    private static bool Is(HttpRequestPayload payload, string method) => payload.Method.Equals(method, StringComparison.OrdinalIgnoreCase);
}
