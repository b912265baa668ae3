using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using JobApi.Contracts;
using Microsoft.Extensions.ObjectPool;

namespace JobApi.Endpoints;

/// <summary>Borrowed memory to write one JSON value into; who returns it returns the bytes as well.</summary>
#pragma warning disable CA1001 // A disposable one would be disposed of by the pool that has no room for it; the writer holds nothing but the buffer.
internal sealed class JsonBuffer : IResettable
#pragma warning restore CA1001
{
    /// <summary>A buffer that has grown beyond it is not kept: a large job now and then must not hold memory for good.</summary>
    private const int MaxKeptBytes = 64 * 1_024;

    private static readonly ObjectPool<JsonBuffer> Pool = ObjectPool.Create<JsonBuffer>();

    private readonly ArrayBufferWriter<byte> _bytes = new(2_048);
    private readonly Utf8JsonWriter _writer;

    public JsonBuffer() =>
        _writer = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = JobApiJson.Wire.Options.Encoder, MaxDepth = JobApiJson.Wire.Options.MaxDepth, SkipValidation = true });

    public static JsonBuffer Borrow() => Pool.Get();

    public void Return() => Pool.Return(this);

    public ReadOnlyMemory<byte> Write<T>(T value, JsonTypeInfo<T> json)
    {
        JsonSerializer.Serialize(_writer, value, json);
        return _bytes.WrittenMemory;
    }

    bool IResettable.TryReset()
    {
        _bytes.ResetWrittenCount();
        _writer.Reset();
        return _bytes.Capacity <= MaxKeptBytes;
    }
}
