using System.Text.Json.Serialization;

namespace JobApi.Engine.Files;

/// <summary>The notes beside stored files.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredFile))]
internal sealed partial class FileNotes : JsonSerializerContext;
