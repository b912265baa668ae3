using System.Reflection;
using JobApi.Engine.Execution;
using JobApi.Engine.Files;
using JobApi.Refusals;
using Microsoft.Net.Http.Headers;

namespace JobApi.Requests;

/// <summary>What an upload says about itself. None of it is believed: the type is only repeated, the name only shown.</summary>
internal sealed class FileUpload : IBoundRequest
{
    private const int MaxNameLength = 255;
    private const int MaxMediaTypeLength = 200;

    /// <summary>What curl and browsers say when nobody told them the type; the body is never such a form.</summary>
    private const string Form = "application/x-www-form-urlencoded";

    public FileDescription Description { get; private init; } = new(FileDescription.UnknownMediaType);

    public Problem? Problem { get; private init; }

    public static ValueTask<FileUpload?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<FileUpload?>(Read(context.Request));

    private static FileUpload Read(HttpRequest request)
    {
        if (Encodings.Refuse(request) is { } encoded)
        {
            return new FileUpload { Problem = encoded };
        }

        var mediaType = request.ContentType ?? FileDescription.UnknownMediaType;

        if (mediaType.Length > MaxMediaTypeLength
            || mediaType.Any(character => character is < ' ' or > '~')
            || !MediaTypeHeaderValue.TryParse(mediaType, out var parsed)
            || parsed.MatchesAllTypes
            || parsed.MatchesAllSubTypes)
        {
            return new FileUpload { Problem = Problems.UnsupportedMediaType("The Content-Type is not a media type; leave it out if it is not known.") };
        }

        if (parsed.Type.Equals("multipart", StringComparison.OrdinalIgnoreCase))
        {
            return new FileUpload { Problem = Problems.UnsupportedMediaType("The body is the file itself, not a form: curl -T FILE.") };
        }

        var name = Name(request);

        return name?.Length > MaxNameLength
            ? new FileUpload { Problem = Problems.InvalidRequest(new PayloadError("?name", $"A file's name has at most {MaxNameLength} characters.")) }
            : new FileUpload
            {
                Description = new FileDescription(
                    parsed.MediaType.Equals(Form, StringComparison.OrdinalIgnoreCase) ? FileDescription.UnknownMediaType : mediaType, name),
            };
    }

    private static string? Name(HttpRequest request)
    {
        string? given = request.Query["name"];

        if (string.IsNullOrEmpty(given) && ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition))
        {
            given = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
        }

        // The last part of a path of any system, without what could end a header line or hide in a terminal.
        var last = given?[(given.LastIndexOfAny(['/', '\\']) + 1)..];
        var shown = last is null ? null : string.Concat(last.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)));

        return string.IsNullOrWhiteSpace(shown) || shown is "." or ".." ? null : shown.Trim();
    }
}
