using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace JobApi.Contracts;

/// <summary>
/// Writes a job member by member. It is in nearly every answer, up to a thousand times, and the serializer's walk over its members took longer
/// than their text. What it writes is what the serializer would; a test compares the two.
/// </summary>
internal sealed class JobResponseConverter : JsonConverter<JobResponse>
{
    /// <inheritdoc />
    public override JobResponse? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, JobApiJson.Default.JobResponse);

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, JobResponse value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString(Name.Id, value.Id);
        writer.WriteString(Name.Type, value.Type);
        writer.WriteString(Name.State, value.State);
        writer.WriteBoolean(Name.Done, value.Done);
        writer.WriteString(Name.Queue, value.Queue);
        writer.WriteNumber(Name.Priority, value.Priority);
        WriteText(writer, Name.FairnessKey, value.FairnessKey);
        WriteText(writer, Name.ConcurrencyKey, value.ConcurrencyKey);

        if (value.ConcurrencyLimit is { } limit)
        {
            writer.WriteNumber(Name.ConcurrencyLimit, limit);
        }

        WriteRaw(writer, Name.Payload, value.Payload);
        WriteRaw(writer, Name.Result, value.Result);
        WriteRecord(writer, Name.Error, value.Error, options);
        WriteRecord(writer, Name.Progress, value.Progress, options);
        writer.WriteNumber(Name.Attempt, value.Attempt);
        writer.WriteNumber(Name.Failures, value.Failures);
        writer.WriteNumber(Name.Crashes, value.Crashes);
        writer.WriteNumber(Name.MaxAttempts, value.MaxAttempts);
        WriteText(writer, Name.Worker, value.Worker);
        WriteTime(writer, Name.CreatedAt, value.CreatedAt);
        WriteTime(writer, Name.RunAt, value.RunAt);
        WriteTime(writer, Name.StartedAt, value.StartedAt);
        WriteTime(writer, Name.FinishedAt, value.FinishedAt);

        if (value.DurationMs is { } duration)
        {
            writer.WriteNumber(Name.DurationMs, duration);
        }

        WriteTime(writer, Name.CancelRequestedAt, value.CancelRequestedAt);
        WriteText(writer, Name.CancelReason, value.CancelReason);
        WriteRecord(writer, Name.Cancellation, value.Cancellation, options);
        WriteTime(writer, Name.ExpiresAt, value.ExpiresAt);
        WriteTags(writer, value.Tags);
        WriteRecord(writer, Name.Waiting, value.Waiting, options);
        writer.WriteString(Name.Durability, value.Durability);
        writer.WriteNumber(Name.Version, value.Version);
        writer.WriteStartObject(Name.Links);
        writer.WriteString(Name.Self, value.Links.Self);
        writer.WriteString(Name.Result, value.Links.Result);
        writer.WriteString(Name.Cancel, value.Links.Cancel);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, JsonEncodedText name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteTime(Utf8JsonWriter writer, JsonEncodedText name, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            writer.WriteString(name, time.UtcDateTime);
        }
    }

    private static void WriteRaw(Utf8JsonWriter writer, JsonEncodedText name, RawJson? value)
    {
        if (value is { } raw)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(raw.Utf8.Span, skipInputValidation: true);
        }
    }

    /// <summary>What few jobs have is left to the serializer.</summary>
    private static void WriteRecord<T>(Utf8JsonWriter writer, JsonEncodedText name, T? value, JsonSerializerOptions options)
        where T : class
    {
        if (value is not null)
        {
            writer.WritePropertyName(name);
            JsonSerializer.Serialize(writer, value, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
        }
    }

    private static void WriteTags(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> tags)
    {
        writer.WriteStartObject(Name.Tags);

        if (tags.Count > 0)
        {
            foreach (var (name, value) in tags)
            {
                writer.WriteString(name, value);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>The members, encoded once.</summary>
    private static class Name
    {
        public static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
        public static readonly JsonEncodedText Type = JsonEncodedText.Encode("type");
        public static readonly JsonEncodedText State = JsonEncodedText.Encode("state");
        public static readonly JsonEncodedText Done = JsonEncodedText.Encode("done");
        public static readonly JsonEncodedText Queue = JsonEncodedText.Encode("queue");
        public static readonly JsonEncodedText Priority = JsonEncodedText.Encode("priority");
        public static readonly JsonEncodedText FairnessKey = JsonEncodedText.Encode("fairnessKey");
        public static readonly JsonEncodedText ConcurrencyKey = JsonEncodedText.Encode("concurrencyKey");
        public static readonly JsonEncodedText ConcurrencyLimit = JsonEncodedText.Encode("concurrencyLimit");
        public static readonly JsonEncodedText Payload = JsonEncodedText.Encode("payload");
        public static readonly JsonEncodedText Result = JsonEncodedText.Encode("result");
        public static readonly JsonEncodedText Error = JsonEncodedText.Encode("error");
        public static readonly JsonEncodedText Progress = JsonEncodedText.Encode("progress");
        public static readonly JsonEncodedText Attempt = JsonEncodedText.Encode("attempt");
        public static readonly JsonEncodedText Failures = JsonEncodedText.Encode("failures");
        public static readonly JsonEncodedText Crashes = JsonEncodedText.Encode("crashes");
        public static readonly JsonEncodedText MaxAttempts = JsonEncodedText.Encode("maxAttempts");
        public static readonly JsonEncodedText Worker = JsonEncodedText.Encode("worker");
        public static readonly JsonEncodedText CreatedAt = JsonEncodedText.Encode("createdAt");
        public static readonly JsonEncodedText RunAt = JsonEncodedText.Encode("runAt");
        public static readonly JsonEncodedText StartedAt = JsonEncodedText.Encode("startedAt");
        public static readonly JsonEncodedText FinishedAt = JsonEncodedText.Encode("finishedAt");
        public static readonly JsonEncodedText DurationMs = JsonEncodedText.Encode("durationMs");
        public static readonly JsonEncodedText CancelRequestedAt = JsonEncodedText.Encode("cancelRequestedAt");
        public static readonly JsonEncodedText CancelReason = JsonEncodedText.Encode("cancelReason");
        public static readonly JsonEncodedText Cancellation = JsonEncodedText.Encode("cancellation");
        public static readonly JsonEncodedText ExpiresAt = JsonEncodedText.Encode("expiresAt");
        public static readonly JsonEncodedText Tags = JsonEncodedText.Encode("tags");
        public static readonly JsonEncodedText Waiting = JsonEncodedText.Encode("waiting");
        public static readonly JsonEncodedText Durability = JsonEncodedText.Encode("durability");
        public static readonly JsonEncodedText Version = JsonEncodedText.Encode("version");
        public static readonly JsonEncodedText Links = JsonEncodedText.Encode("links");
        public static readonly JsonEncodedText Self = JsonEncodedText.Encode("self");
        public static readonly JsonEncodedText Cancel = JsonEncodedText.Encode("cancel");
    }
}
