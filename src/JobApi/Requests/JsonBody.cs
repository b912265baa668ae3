using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using JobApi.Contracts;
using JobApi.Engine.Execution;
using JobApi.Guards;
using JobApi.Refusals;
using JobApi.Validation;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace JobApi.Requests;

/// <summary>A JSON body, read strictly.</summary>
internal sealed class JsonBody<T> : IBoundRequest
    where T : class
{
    private static readonly JsonTypeInfo<T> Json = (JsonTypeInfo<T>)JobApiJson.Wire.GetTypeInfo(typeof(T))!;

    private readonly T? _value;

    private JsonBody(T? value, Problem? problem) => (_value, Problem) = (value, problem);

    public T Value => _value ?? throw new InvalidOperationException("This body was refused; the binding filter is missing on its endpoint.");

    public Problem? Problem { get; }

    /// <summary>Called by ASP.NET Core for every parameter of this type. Null when the endpoint's body is optional and there is none.</summary>
    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var request = context.Request;

        var isOptional = context.GetEndpoint()?.Metadata.GetMetadata<RequestBody>() is { IsOptional: true };

        if (isOptional && IsWithoutBody(request))
        {
            return null;
        }

        if (JsonMedia.Refuse(request) is { } refusal)
        {
            return Refused(refusal);
        }

        var limit = context.RequestServices.GetRequiredService<IOptions<HttpOptions>>().Value.MaxJsonBytes;

        return await RequestBody.ReadAsync(request, limit, context.RequestAborted) is not { } bytes ? Refused(Problems.BodyTooLarge(limit))
            : isOptional && bytes.IsEmpty ? null
            : Read(bytes);
    }

    /// <summary>Reads one JSON value strictly.</summary>
    public static JsonBody<T> Read(ReadOnlyMemory<byte> bytes)
    {
        if (StrictJson.Check(bytes.Span) is { } fault)
        {
            return Refused(Problems.MalformedJson(fault));
        }

        try
        {
            return JsonSerializer.Deserialize(bytes.Span, Json) is { } value
                ? new JsonBody<T>(value, null)
                : Refused(Problems.MalformedJson(new PayloadError(string.Empty, "The body is null; an object is needed.")));
        }
        catch (JsonException exception)
        {
            return Refused(Problems.MalformedJson(JsonFaults.Explain(exception)));
        }
    }

    /// <summary>Over HTTP/2 a body may come without any header that says so; the server knows whether one can.</summary>
    private static bool IsWithoutBody(HttpRequest request) =>
        request.ContentLength == 0 || request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };

    private static JsonBody<T> Refused(Problem problem) => new(null, problem);
}
