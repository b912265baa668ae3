using System.Text.Json.Serialization.Metadata;
using JobApi.Contracts;

namespace JobApi.Endpoints;

/// <summary>
/// A record of the contract as an answer of known length, for what is asked for all the time: the framework's own results look up at every
/// answer how to write it and where to log it, and send it in chunks.
/// </summary>
internal sealed class JsonAnswer<T>(int status, T body) : IResult
{
    private static readonly JsonTypeInfo<T> Json = (JsonTypeInfo<T>)JobApiJson.Wire.GetTypeInfo(typeof(T))!;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var buffer = JsonBuffer.Borrow();

        try
        {
            var bytes = buffer.Write(body, Json);
            var response = httpContext.Response;
            response.StatusCode = status;
            response.ContentType = "application/json; charset=utf-8";
            response.ContentLength = bytes.Length;

            await response.BodyWriter.WriteAsync(bytes, httpContext.RequestAborted);
        }
        finally
        {
            buffer.Return();
        }
    }
}
