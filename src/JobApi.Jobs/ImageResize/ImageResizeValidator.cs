using FluentValidation;
using JobApi.Jobs.Safety;
using Microsoft.Extensions.Options;

namespace JobApi.Jobs.ImageResize;

internal sealed class ImageResizeValidator : AbstractValidator<ImageResizePayload>
{
    public ImageResizeValidator(IOptions<ImageResizeOptions> options)
    {
        var limits = options.Value;
        var side = $"Must be from 1 to {limits.MaxOutputDimension} pixels.";

        RuleFor(payload => payload).Must(payload => payload.File is null != payload.Url is null).OverridePropertyName(string.Empty)
            .WithMessage("Give either a file or a url.");
        RuleFor(payload => payload.Url).Must(Urls.AreSendable).When(payload => payload.Url is not null).WithMessage(Urls.Rule);

        RuleFor(payload => payload.Width).InclusiveBetween(1, limits.MaxOutputDimension).WithMessage(side);
        RuleFor(payload => payload.Height).InclusiveBetween(1, limits.MaxOutputDimension).WithMessage(side);
        RuleFor(payload => payload).Must(payload => (payload.Width ?? payload.Height) is not null).OverridePropertyName(string.Empty)
            .WithMessage("Give a width, a height or both.");
        RuleFor(payload => payload).Must(payload => payload is { Fit: ImageFit.Inside } or { Width: not null, Height: not null })
            .OverridePropertyName(string.Empty).WithMessage(payload => $"The fit '{payload.Fit.ToString().ToLowerInvariant()}' needs both a width and a height.");
        RuleFor(payload => payload)
            .Must(payload => payload.Fit == ImageFit.Inside || (long?)payload.Width * payload.Height is not { } pixels || pixels <= limits.MaxOutputMegapixels * 1e6)
            .OverridePropertyName(string.Empty)
            .WithMessage(payload => $"{payload.Width} by {payload.Height} is more than the {limits.MaxOutputMegapixels} million pixels that a result may have.");

        RuleFor(payload => payload.Quality).InclusiveBetween(1, 100).WithMessage("Must be from 1 to 100.");
        RuleFor(payload => payload.Fit).IsInEnum();
        RuleFor(payload => payload.Format).IsInEnum();
    }
}
