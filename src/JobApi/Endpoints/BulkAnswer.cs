using System.Globalization;
using System.Text.Json;
using JobApi.Contracts;

namespace JobApi.Endpoints;

/// <summary>The answer to a bulk, serialised straight into the response: it can be a megabyte, and nobody needs it as a whole.</summary>
internal sealed class BulkAnswer(int status, BulkResponse body, TimeSpan? retryAfter) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";

        if (retryAfter is { } pause)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        await JsonSerializer.SerializeAsync(response.BodyWriter, body, JobApiJson.Wire.BulkResponse, httpContext.RequestAborted);
    }
}
