using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace JobApi.Hosting;

/// <summary>
/// One readable line for each event: instant, level, who, what. What callers sent may be part of an event, so control characters are
/// escaped and long messages are cut: nobody writes lines into this log but the server.
/// </summary>
internal sealed class LineFormatter(TimeProvider time) : ConsoleFormatter(Key)
{
    /// <summary>Its name in <c>Logging:Console:FormatterName</c>; <c>json</c> and <c>simple</c> are the others.</summary>
    public const string Key = "line";

    private const int MaxLength = 4_000;
    private const int MaxExceptionLength = 2 * MaxLength;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write(time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        textWriter.Write(Word(logEntry.LogLevel));
        textWriter.Write(logEntry.Category.AsSpan(logEntry.Category.LastIndexOf('.') + 1));
        textWriter.Write(": ");
        textWriter.WriteLine(Safe(message));

        // A stack trace is worth its lines. The exception's message may hold a caller's words, line breaks among them: indented, no line of
        // it can be taken for an event.
        if (logEntry.Exception is { } exception)
        {
            foreach (var line in Text(exception).AsSpan().EnumerateLines())
            {
                textWriter.Write("    ");
                textWriter.WriteLine(Safe(line.ToString()));
            }
        }
    }

    /// <summary>Cut in the middle: the beginning says what happened, the end where. Writing an exception down calls its own code, which may throw.</summary>
    private static string Text(Exception exception)
    {
        try
        {
            var text = exception.ToString();
            return text.Length <= MaxExceptionLength ? text : $"{text[..(MaxExceptionLength / 2)]}{Environment.NewLine}…{Environment.NewLine}{text[^(MaxExceptionLength / 2)..]}";
        }
#pragma warning disable CA1031 // Whatever it throws, its type is known.
        catch (Exception)
#pragma warning restore CA1031
        {
            return $"{exception.GetType()} (it cannot be written down)";
        }
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => " trce ",
        LogLevel.Debug => " dbug ",
        LogLevel.Information => " info ",
        LogLevel.Warning => " warn ",
        LogLevel.Error => " fail ",
        _ => " crit ",
    };

    private static string Safe(string message)
    {
        if (message.Length <= MaxLength && !message.Any(char.IsControl))
        {
            return message;
        }

        var safe = new StringBuilder();

        foreach (var c in message.AsSpan(0, Math.Min(message.Length, MaxLength)))
        {
            _ = char.IsControl(c) ? safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : safe.Append(c);
        }

        return message.Length > MaxLength ? safe.Append('…').ToString() : safe.ToString();
    }
}
