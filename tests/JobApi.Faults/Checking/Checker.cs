using JobApi.Faults.Checking.Rules;

namespace JobApi.Faults.Checking;

/// <summary>Holds a history against the promises. Pure: no clock, no server.</summary>
internal static class Checker
{
    private static readonly Func<Dossier, IEnumerable<Violation>>[] Rules =
    [
        Existence.Check,
        Identity.Check,
        Numbering.Check,
        Starts.Check,
        Charges.Check,
        Endings.Check,
    ];

    /// <summary>Every promise that was broken; none means that all were kept.</summary>
    public static IReadOnlyList<Violation> Check(History history) =>
        [.. Dossier.Of(history).SelectMany(dossier => Rules.SelectMany(rule => rule(dossier)))];
}
