using System.Text.RegularExpressions;

namespace JobApi.Validation;

/// <summary>What a queue can be called, in a body or an address.</summary>
internal static partial class QueueName
{
    public const string Rule = "A queue's name has lower-case letters, digits, '.', '_' and '-', begins with a letter or digit and is at most 64 long.";

    public const string Pattern = @"^[a-z0-9][a-z0-9._-]{0,63}\z";

    public static bool IsValid(string name) => Valid().IsMatch(name);

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Valid();
}
