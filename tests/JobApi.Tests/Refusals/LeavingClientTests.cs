using JobApi.Engine.Files;
using JobApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Tests.Refusals;

/// <summary>A client may leave whenever it likes: nobody has to look into that, so nothing of it is logged as an error.</summary>
public sealed class LeavingClientTests
{
    [Fact]
    public async Task A_client_that_leaves_before_its_answer_is_no_error()
    {
        ErrorLog errors;

        // After its end nothing more is logged.
        await using (var server = new ApiFactory())
        {
            errors = server.Errors;
            using var leaving = new CancellationTokenSource();
            var id = await server.Api.SubmitAsync("gate", """{"gate":"leaving"}""");
            await server.Gates.Started("leaving");
            var waiting = server.Api.Http.GetAsync(new Uri($"/jobs/{id}?wait=30", UriKind.Relative), leaving.Token);
            await leaving.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
            server.Gates.Open("leaving");
            await server.Api.GetAsync($"/jobs/{id}?wait=30");
        }

        Assert.Empty(errors.Lines);
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_its_answer_is_no_error()
    {
        using var content = new UnfinishedContent();
        ErrorLog errors;

        // After its end nothing more is logged.
        await using (var server = new ApiFactory([], services => services.AddSingleton<IFileStore>(new OneFile(content)), onSocket: true))
        {
            errors = server.Errors;
            var answer = await server.Api.Http.GetAsync(new Uri($"/files/{Guid.CreateVersion7()}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            Assert.True(answer.IsSuccessStatusCode);

            answer.Dispose();
            await content.Ended;
        }

        Assert.Empty(errors.Lines);
    }

    /// <summary>Some bytes, and then nothing until whoever reads them gives up.</summary>
    private sealed class UnfinishedContent : Stream
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _hasBegun;

        public Task Ended => _ended.Task;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_hasBegun)
            {
                _hasBegun = true;
                buffer.Span.Clear();
                return buffer.Length;
            }

            var givenUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = cancellationToken.Register(givenUp.SetResult);
            await givenUp.Task;
            _ended.SetResult();
            throw new IOException("Nobody reads this any more.");
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private sealed class OneFile(Stream content) : IFileStore
    {
        public Task<StoredFile> SaveAsync(Stream content, FileDescription description, long maxBytes, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<StoredFile?> FindAsync(Guid id, CancellationToken cancellationToken) =>
            ValueTask.FromResult<StoredFile?>(new StoredFile(id, 1 << 30, new string('0', 64), "text/plain", Name: null, DateTimeOffset.UnixEpoch));

        public ValueTask<Stream?> OpenAsync(Guid id, CancellationToken cancellationToken) => ValueTask.FromResult<Stream?>(content);

        public ValueTask<bool> DeleteAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<StoredFile> ListAsync(DateTimeOffset storedBefore, CancellationToken cancellationToken) => AsyncEnumerable.Empty<StoredFile>();
    }
}
