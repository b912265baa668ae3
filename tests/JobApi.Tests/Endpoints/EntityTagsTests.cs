using JobApi.Engine.Lifecycle;
using JobApi.Requests;
using Microsoft.AspNetCore.Http;

namespace JobApi.Tests.Endpoints;

/// <summary>A single tag is looked at as it came and a list is taken apart; a test server hands lists over taken apart already, so this is asked here.</summary>
public sealed class EntityTagsTests
{
    [Theory]
    [InlineData("\"3\"", true)]
    [InlineData("\"2\"", false)]
    [InlineData("\"2\", \"3\"", true)]
    [InlineData("\"2\", W/\"3\"", true)]
    [InlineData("W/\"3\"", true)]
    [InlineData("*", true)]
    [InlineData("\"20\"", false)]
    [InlineData("\"\"", false)]
    [InlineData("\"", false)]
    [InlineData("3", false)]
    public void The_version_a_caller_has_is_found_in_what_it_sends(string header, bool matches)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.IfNoneMatch = header;

        Assert.Equal(matches, EntityTags.IfNoneMatch(context.Request)?.Matches(3) == true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(12_345)]
    public void A_tag_is_the_version_in_quotes(long version)
    {
        Assert.Equal($"W/\"{version}\"", EntityTags.Of(Testing.Jobs.Queued() with { Version = version }));
        Assert.Equal($"\"{version}\"", EntityTags.Of(Testing.Jobs.Queued() with { Version = version, State = JobState.Canceled }));
    }
}
