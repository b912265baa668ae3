using System.Text.Json.Serialization;
using JobApi.Jobs.HttpRequest;
using JobApi.Jobs.ImageResize;
using JobApi.Jobs.Sleep;
using JobApi.Jobs.Square;

namespace JobApi.Jobs;

/// <summary>How to read and write the payloads and results of the built-in types without reflection.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SquarePayload))]
[JsonSerializable(typeof(SquareResult))]
[JsonSerializable(typeof(SleepPayload))]
[JsonSerializable(typeof(SleepResult))]
[JsonSerializable(typeof(ImageResizePayload))]
[JsonSerializable(typeof(ImageResizeResult))]
[JsonSerializable(typeof(HttpRequestPayload))]
[JsonSerializable(typeof(HttpRequestResult))]
internal sealed partial class BuiltInJobsJson : JsonSerializerContext;
