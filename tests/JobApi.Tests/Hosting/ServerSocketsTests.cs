using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using JobApi.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Tests.Hosting;

/// <summary>The thread that waits for all sockets reads from those of clients, and runs nobody's code.</summary>
public sealed class ServerSocketsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Clients_sockets_are_read_without_the_pool()
    {
        var sockets = new ConcurrentQueue<bool>();
        await using var server = Server((http, next) =>
        {
            sockets.Enqueue(PrefersInlineCompletions(http.Features.Get<IConnectionSocketFeature>()!.Socket.SafeHandle));
            return next();
        });

        await server.Api.GetAsync("/health/live");

        Assert.Equal([true], sockets);
    }

    /// <summary>What a handler does after another server has answered it may spin or block.</summary>
    [Fact]
    public async Task Sockets_that_are_not_of_clients_continue_on_the_pool()
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = Server((_, next) =>
        {
            began.SetResult();
            return goOn.Task.ContinueWith(_ => next(), TaskScheduler.Default).Unwrap();
        });
        using var client = await ConnectAsync(server);

        await SendAsync(client, server, "GET /health/live HTTP/1.1", "Connection: close");
        var goesOnOnPool = ReadAsync(client);
        await began.Task.WaitAsync(Patience);
        Assert.False(goesOnOnPool.IsCompleted);
        goOn.SetResult();

        Assert.True(await goesOnOnPool.WaitAsync(Patience));
    }

    [Fact]
    public async Task Requests_run_on_the_pool_also_after_they_waited_for_the_rest_of_a_body()
    {
        var onPool = new ConcurrentQueue<bool>();
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = Server(async (http, next) =>
        {
            onPool.Enqueue(Thread.CurrentThread.IsThreadPoolThread);
            var rest = http.Request.Body.ReadExactlyAsync(new byte[4]);
            Assert.False(rest.IsCompleted);
            began.SetResult();
            await rest.ConfigureAwait(false);
            onPool.Enqueue(Thread.CurrentThread.IsThreadPoolThread);
            await next();
        });
        using var client = await ConnectAsync(server);

        await SendAsync(client, server, "POST /jobs HTTP/1.1", "Content-Length: 4", "Connection: close");
        await began.Task.WaitAsync(Patience);
        await client.GetStream().WriteAsync("1234"u8.ToArray());
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        var answer = await reader.ReadToEndAsync().WaitAsync(Patience);

        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.Equal([true, true], onPool);
    }

    private static ApiFactory Server(Func<HttpContext, Func<Task>, Task> first) => new([], services => services.AddSingleton<IStartupFilter>(new Before(first)), onSocket: true);

    private static async Task<TcpClient> ConnectAsync(ApiFactory server)
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.Api.Http.BaseAddress!.Host, server.Api.Http.BaseAddress.Port);
        return client;
    }

    private static async Task<bool> ReadAsync(TcpClient client)
    {
        await client.GetStream().ReadExactlyAsync(new byte[1]).ConfigureAwait(false);
        return Thread.CurrentThread.IsThreadPoolThread;
    }

    private static async Task SendAsync(TcpClient client, ApiFactory server, params string[] head) =>
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", [.. head, $"Host: {server.Api.Http.BaseAddress!.Authority}", "", ""])));

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_PreferInlineCompletions")]
    private static extern bool PrefersInlineCompletions(SafeSocketHandle socket);

    private sealed class Before(Func<HttpContext, Func<Task>, Task> step) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(step);
            next(app);
        };
    }
}
