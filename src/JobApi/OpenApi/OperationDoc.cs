using JobApi.Refusals;
using Microsoft.OpenApi;

namespace JobApi.OpenApi;

/// <summary>
/// What the API description says about an operation beyond what the handler's types say. It travels as metadata of the endpoint, so
/// the words stand apart from the code and the code from the words.
/// </summary>
/// <param name="Id">The operation's id, for generated clients.</param>
/// <param name="Summary">One line.</param>
/// <param name="Description">The rest, in Markdown.</param>
internal sealed record OperationDoc(string Id, string Summary, string Description)
{
    public IReadOnlyList<ParameterDoc> Parameters { get; init; } = [];

    /// <summary>By status, every answer that is not a problem.</summary>
    public required IReadOnlyDictionary<int, string> Answers { get; init; }

    /// <summary>By status, the headers an answer comes with.</summary>
    public IReadOnlyList<HeaderDoc> Headers { get; init; } = [];

    public IReadOnlyList<ProblemType> Problems { get; init; } = [];

    /// <summary>Other media types that the JSON of the body may be sent as.</summary>
    public IReadOnlyList<string> AlsoFrom { get; init; } = [];

    /// <summary>Other media types that the answer comes in, as text.</summary>
    public IReadOnlyList<string> AlsoAs { get; init; } = [];

    /// <summary>The media type of a body or an answer that is not JSON.</summary>
    public string? Binary { get; init; }
}

/// <summary>A parameter that the handler's signature does not show.</summary>
internal sealed record ParameterDoc(string Name, ParameterLocation In, string Description, OpenApiSchema Schema)
{
    public static ParameterDoc Query(string name, string description, OpenApiSchema? schema = null) =>
        new(name, ParameterLocation.Query, description, schema ?? Text());

    public static ParameterDoc Header(string name, string description, string? example = null) =>
        new(name, ParameterLocation.Header, description, Text(example));

    public static OpenApiSchema Number(decimal min, decimal max) => new()
    {
        Type = JsonSchemaType.Number,
        Minimum = min.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Maximum = max.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    public static OpenApiSchema Integer(long min, long max) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int64",
        Minimum = min.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Maximum = max.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    public static OpenApiSchema Text(string? example = null, int maxLength = 512) => new()
    {
        Type = JsonSchemaType.String,
        MaxLength = maxLength,
        Examples = example is null ? null : [example],
    };

    public static OpenApiSchema Flag() => new() { Type = JsonSchemaType.Boolean };

    public static OpenApiSchema Instant() => new() { Type = JsonSchemaType.String, Format = "date-time", MaxLength = 40 };
}

/// <summary>A header of an answer.</summary>
internal sealed record HeaderDoc(string Name, string Description, params int[] Statuses);

/// <summary>Attaches words to endpoints.</summary>
internal static class OperationDocs
{
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, OperationDoc doc) =>
        endpoint.WithName(doc.Id).WithSummary(doc.Summary).WithDescription(doc.Description).WithMetadata(doc);
}
