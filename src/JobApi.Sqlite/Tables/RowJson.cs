using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using JobApi.Engine.Lifecycle;

namespace JobApi.Sqlite.Tables;

/// <summary>The columns that hold JSON. Their names are part of the file's format.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobDetails))]
[JsonSerializable(typeof(Canceler))]
[JsonSerializable(typeof(JobError))]
[JsonSerializable(typeof(JobProgress))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyList<Guid>))]
internal sealed partial class RowJson : JsonSerializerContext
{
    public static byte[]? Write<T>(T? value, JsonTypeInfo<T> type)
        where T : class => value is null ? null : JsonSerializer.SerializeToUtf8Bytes(value, type);

    public static T? Read<T>(byte[]? bytes, JsonTypeInfo<T> type)
        where T : class => bytes is null ? null : JsonSerializer.Deserialize(bytes, type);
}
