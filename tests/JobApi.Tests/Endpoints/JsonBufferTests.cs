using System.Text;
using JobApi.Contracts;
using JobApi.Endpoints;

namespace JobApi.Tests.Endpoints;

public sealed class JsonBufferTests
{
    [Fact]
    public void More_can_be_lent_and_returned_than_are_kept()
    {
        var lent = Enumerable.Range(0, 500).Select(_ => JsonBuffer.Borrow()).ToList();

        var written = lent.ConvertAll(buffer => buffer.Write(new HealthResponse("live"), JobApiJson.Wire.HealthResponse));

        Assert.All(written, bytes => Assert.Equal("""{"status":"live"}""", Encoding.UTF8.GetString(bytes.Span)));
        lent.ForEach(buffer => buffer.Return());
        Assert.Equal(17, JsonBuffer.Borrow().Write(new HealthResponse("live"), JobApiJson.Wire.HealthResponse).Length);
    }
}
