using System.Runtime.InteropServices;
using System.Text;
using JobApi.Requests;
using JobApi.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Tests.Requests;

public sealed class BulkJobsTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public async Task Each_job_is_read_or_its_place_kept_with_the_reason()
    {
        var (_, jobs) = await ReceiveAsync("""{"type":"a","payload":1}""", """{"type":"b","payload":2,"queue":"q"}""", """{"type":""}""");

        Assert.Equal(["a", "b", null], jobs.Select(job => job?.Type));
        Assert.Equal([null, null, 400], Enumerable.Range(0, jobs.Count).Select(place => jobs.Problem(place)?.Type.Status));
    }

    [Fact]
    public async Task Jobs_continue_the_trace_of_their_request_however_they_are_read()
    {
        var (_, jobs) = await ReceiveAsync("""{"type":"a","payload":1}""", """{"type":"b","payload":2,"queue":"q"}""");

        Assert.Equal([Trace, Trace], jobs.Select(job => job?.TraceParent));
    }

    [Fact]
    public async Task The_memory_they_came_in_is_given_back_behind_the_last_and_not_before()
    {
        var (body, jobs) = await ReceiveAsync("""{"type":"a","payload":1}""", """{"type":"a","payload":2}""");
        using var each = jobs.GetEnumerator();

        Assert.True(each.MoveNext() && each.MoveNext());
        Assert.False(body.Bytes.IsEmpty);
        Assert.False(each.MoveNext());
        Assert.True(body.Bytes.IsEmpty);
    }

    [Theory]
    [InlineData("""{"type":"a","payload":"text"}""", null)]
    [InlineData("""{"type":"a","payload":"text","tags":{"name":"value"}}""", "value")]
    public async Task What_was_read_does_not_change_with_the_memory_it_came_in(string text, string? tag)
    {
        var (body, jobs) = await ReceiveAsync(text);
        using var each = jobs.GetEnumerator();
        Assert.True(each.MoveNext());

        // As whoever borrows the memory next will.
        MemoryMarshal.AsMemory(body.Bytes).Span.Clear();

        Assert.Equal(("a", "\"text\""), (each.Current!.Type, Encoding.UTF8.GetString(each.Current.Payload.Span)));
        Assert.Equal(tag, each.Current.Tags?["name"]);
    }

    [Fact]
    public async Task The_memory_of_jobs_nobody_goes_through_is_given_back_with_the_end_of_the_request()
    {
        var response = new Completions();
        var http = new DefaultHttpContext { RequestServices = server.Services };
        http.Features.Set<IHttpResponseFeature>(response);
        (http.Request.ContentType, http.Request.Body) = ("application/json", new MemoryStream("""[{"type":"a","payload":1}]"""u8.ToArray()));
        var bulk = await BulkBody.BindAsync(http, null!);

        await response.CompleteAsync();

        Assert.Throws<ArgumentOutOfRangeException>(() => bulk!.Jobs.First());
    }

    private async Task<(PooledBody Body, BulkJobs Jobs)> ReceiveAsync(params string[] jobs)
    {
        var http = new DefaultHttpContext { Request = { Body = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(jobs))) } };
        var body = await PooledBody.ReadAsync(http.Request, maxBytes: 1_000, CancellationToken.None);
        var starts = jobs.Select((_, place) => jobs[..place].Sum(job => job.Length));
        Range[] ranges = [.. jobs.Zip(starts, (job, start) => start..(start + job.Length))];

        return (body!, new BulkJobs(body!, ranges, server.Services.GetRequiredService<JobReader>(), Trace));
    }

    /// <summary>What is to happen when the request has ended.</summary>
    private sealed class Completions : HttpResponseFeature
    {
        private readonly List<Func<Task>> _callbacks = [];

        public override void OnCompleted(Func<object, Task> callback, object state) => _callbacks.Add(() => callback(state));

        public Task CompleteAsync() => Task.WhenAll(_callbacks.Select(callback => callback()));
    }
}
