using System.Text.Json;
using System.Text.Json.Serialization;

namespace JobApi.Engine.Files;

/// <summary>
/// A stored file, named in a payload or a result. On the wire it is the file's id. Handlers declare their file members with this
/// type, so that the server sees which files a job needs, checks that they exist and keeps them as long as the job.
/// </summary>
/// <param name="Id">The id that the upload was answered with.</param>
[JsonConverter(typeof(FileReferenceConverter))]
public readonly record struct FileReference(Guid Id)
{
    /// <inheritdoc />
    public override string ToString() => Id.ToString();
}

/// <summary>Reads and writes the id, and notes each one for the <see cref="FileReferences"/> that listens on this thread.</summary>
public sealed class FileReferenceConverter : JsonConverter<FileReference>
{
    /// <inheritdoc />
    public override FileReference Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetGuid(out var id))
        {
            throw new JsonException("A file is named by the id that its upload was answered with.");
        }

        FileReferences.Note(id);
        return new FileReference(id);
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, FileReference value, JsonSerializerOptions options)
    {
        FileReferences.Note(value.Id);
        writer.WriteStringValue(value.Id);
    }
}

/// <summary>Collects the files named in one serialisation, which runs on one thread from start to end.</summary>
internal static class FileReferences
{
    [ThreadStatic]
    private static bool _listens;

    // Made for the first file, because most payloads and results name none.
    [ThreadStatic]
    private static List<Guid>? _found;

    /// <summary>Runs a serialisation and tells which files it came across.</summary>
    /// <param name="of">What is serialised.</param>
    /// <param name="serialisation">Runs it.</param>
    /// <param name="files">The files, each once.</param>
    public static TTo Collect<TFrom, TTo>(TFrom of, Func<TFrom, TTo> serialisation, out IReadOnlyList<Guid> files)
    {
        var outer = (_listens, _found);
        (_listens, _found) = (true, null);

        try
        {
            return serialisation(of);
        }
        finally
        {
            files = (IReadOnlyList<Guid>?)_found ?? [];
            (_listens, _found) = outer;
        }
    }

    public static void Note(Guid id)
    {
        if (_listens && _found?.Contains(id) != true)
        {
            (_found ??= []).Add(id);
        }
    }
}
