using System.Buffers;

namespace JobApi.Requests;

/// <summary>What an endpoint takes as its JSON body: read by the binder, the validation and the API description.</summary>
/// <param name="Type">The record it is read into.</param>
/// <param name="IsOptional">Whether the request may come without one.</param>
internal sealed record RequestBody(Type Type, bool IsOptional)
{
    /// <summary>Reads a whole body, chunked or not.</summary>
    /// <returns>The bytes, or null when there are more than <paramref name="maxBytes"/>; the surplus is not read.</returns>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
        {
            return null;
        }

        while (true)
        {
            // Nothing is consumed until the end, so the body is copied once; examining it is what lets more arrive.
            var read = await request.BodyReader.ReadAsync(cancellationToken);

            if (read.Buffer.Length > maxBytes)
            {
                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
