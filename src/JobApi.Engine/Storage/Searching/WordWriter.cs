using System.Text;

namespace JobApi.Engine.Storage.Searching;

/// <summary>Takes text apart into words and writes them one behind the other, each between two spaces: <c> like these three </c>.</summary>
internal sealed class WordWriter
{
    /// <summary>Longer words are cut, in what is searched and in what is asked for alike.</summary>
    public const int MaxWordLength = 64;

    private readonly StringBuilder _words = new(" ", 256);
    private int _length;

    public override string ToString()
    {
        End();
        return _words.ToString();
    }

    public void Add(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            Add(rune);
        }

        End();
    }

    /// <summary>
    /// The bytes of a JSON value: what is between its quotes as it reads, names, numbers and literals as they are written. It may be cut off anywhere.
    /// </summary>
    public void AddJson(ReadOnlySpan<byte> json)
    {
        while (!json.IsEmpty)
        {
            var next = json[0];

            if (next == '\\')
            {
                json = json[AddEscape(json)..];
            }
            else if (next < 0x80)
            {
                Add(new Rune(next));
                json = json[1..];
            }
            else
            {
                Rune.DecodeFromUtf8(json, out var rune, out var length);
                Add(rune);
                json = json[Math.Max(length, 1)..];
            }
        }

        End();
    }

    /// <summary>Only an escape in figures can be part of a word; the length of what was read is the answer.</summary>
    private int AddEscape(ReadOnlySpan<byte> json)
    {
        if (!Escape.TryRead(json, out var first))
        {
            End();

            // What was cut off in its middle is no figure of a word of its own.
            return json.Length > 1 && json[1] == 'u' ? Math.Min(json.Length, Escape.Length) : Math.Min(json.Length, 2);
        }

        if (char.IsHighSurrogate(first) && Escape.TryRead(json[Escape.Length..], out var second) && char.IsLowSurrogate(second))
        {
            Add(new Rune(first, second));
            return 2 * Escape.Length;
        }

        Add(Rune.TryCreate(first, out var rune) ? rune : Rune.ReplacementChar);
        return Escape.Length;
    }

    private void Add(Rune rune)
    {
        if (rune.IsAscii)
        {
            var letter = (char)(rune.Value | 0x20);

            if (char.IsAsciiLetterLower(letter) || char.IsAsciiDigit((char)rune.Value))
            {
                Append(char.IsAsciiDigit((char)rune.Value) ? (char)rune.Value : letter);
            }
            else
            {
                End();
            }
        }
        else if (Letters.IsPartOfWord(rune))
        {
            AddFolded(rune);
        }
        else if (!Letters.IsMark(rune))
        {
            End();
        }
    }

    private void AddFolded(Rune rune)
    {
        Span<char> folded = stackalloc char[2];
        var length = Letters.Fold(rune, folded);
        var isAlone = Letters.StandsAlone(rune);

        if (isAlone)
        {
            End();
        }

        // Two halves of one letter are never cut apart.
        if (_length + length <= MaxWordLength)
        {
            _words.Append(folded[..length]);
        }

        _length += length;

        if (isAlone)
        {
            End();
        }
    }

    private void Append(char letter)
    {
        if (_length++ < MaxWordLength)
        {
            _words.Append(letter);
        }
    }

    private void End()
    {
        if (_length > 0)
        {
            _words.Append(' ');
            _length = 0;
        }
    }

    /// <summary><c>\u00e9</c>.</summary>
    private static class Escape
    {
        public const int Length = 6;

        public static bool TryRead(ReadOnlySpan<byte> json, out char value)
        {
            value = default;

            if (json.Length < Length || json[0] != '\\' || json[1] != 'u')
            {
                return false;
            }

            if (!ushort.TryParse(json[2..Length], System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var code))
            {
                return false;
            }

            value = (char)code;
            return true;
        }
    }
}
