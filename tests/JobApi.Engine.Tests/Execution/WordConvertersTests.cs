using System.Text.Json;
using JobApi.Engine.Execution;

namespace JobApi.Engine.Tests.Execution;

public sealed class WordConvertersTests
{
    private static readonly JsonSerializerOptions Options = JobTypeJson.For(null);

    private enum Fit
    {
        Inside,
        HalfOpen,
    }

    [Fact]
    public void A_word_is_read_and_written_in_its_one_spelling()
    {
        Assert.Equal(Fit.HalfOpen, JsonSerializer.Deserialize<Fit>("\"half-open\"", Options));
        Assert.Equal("\"half-open\"", JsonSerializer.Serialize(Fit.HalfOpen, Options));
        Assert.Null(JsonSerializer.Deserialize<Fit?>("null", Options));
    }

    [Theory]
    [InlineData("\"Inside\"")]
    [InlineData("\"inside, half-open\"")]
    [InlineData("\"inside \"")]
    [InlineData("\"0\"")]
    [InlineData("0")]
    [InlineData("null")]
    public void Anything_else_is_refused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Fit>(json, Options));

    [Fact]
    public void The_schema_lists_the_words()
    {
        Assert.Equal("""{"enum":["inside","half-open"]}""", JobTypeJson.Schema(Options.GetTypeInfo(typeof(Fit))).ToJsonString());
        Assert.Equal("""{"enum":["inside","half-open",null]}""", JobTypeJson.Schema(Options.GetTypeInfo(typeof(Fit?))).ToJsonString());
    }
}
