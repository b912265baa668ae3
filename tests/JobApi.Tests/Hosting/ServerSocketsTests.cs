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

/// <summary>The thread that waits for all sockets reads from those of clients, and does nothing else.</summary>
public sealed class ServerSocketsTests
{
    [Fact]
    public async Task Clients_sockets_are_read_without_the_pool_and_no_others()
    {
        var sockets = new ConcurrentQueue<bool>();
        await using var server = new ApiFactory([], services => services.AddSingleton<IStartupFilter>(new Before((http, next) =>
        {
            sockets.Enqueue(PrefersInlineCompletions(http.Features.Get<IConnectionSocketFeature>()!.Socket.SafeHandle));
            return next();
        })), onSocket: true);
        using var another = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        await server.Api.GetAsync("/health/live");

        Assert.Equal([true], sockets);
        Assert.False(PrefersInlineCompletions(another.SafeHandle));
    }

    [Fact]
    public async Task Requests_run_on_the_pool_also_after_they_waited_for_the_rest_of_a_body()
    {
        var onPool = new ConcurrentQueue<bool>();
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new ApiFactory([], services => services.AddSingleton<IStartupFilter>(new Before(async (http, next) =>
        {
            onPool.Enqueue(Thread.CurrentThread.IsThreadPoolThread);
            var rest = http.Request.Body.ReadExactlyAsync(new byte[4]);
            Assert.False(rest.IsCompleted);
            began.SetResult();
            await rest.ConfigureAwait(false);
            onPool.Enqueue(Thread.CurrentThread.IsThreadPoolThread);
            await next();
        })), onSocket: true);
        var address = server.Api.Http.BaseAddress!;
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /jobs HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Length: 4\r\nConnection: close\r\n\r\n12"));
        await began.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await stream.WriteAsync("34"u8.ToArray());
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.Equal([true, true], onPool);
    }

    [Fact]
    public async Task A_client_that_leaves_is_noticed_on_the_pool()
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var onPool = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new ApiFactory([], services => services.AddSingleton<IStartupFilter>(new Before(async (http, next) =>
        {
            using var left = http.RequestAborted.Register(() => onPool.SetResult(Thread.CurrentThread.IsThreadPoolThread));
            began.SetResult();
            await onPool.Task;
        })), onSocket: true);
        var address = server.Api.Http.BaseAddress!;

        using (var client = new TcpClient())
        {
            await client.ConnectAsync(address.Host, address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /jobs HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n"));
            await began.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }

        Assert.True(await onPool.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

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
