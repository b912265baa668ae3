namespace JobApi.Faults.Kinds;

/// <summary>Every fault there is, once.</summary>
internal static class AllFaults
{
    /// <summary>All of them, in the order of the report.</summary>
    public static IReadOnlyList<IFault> List { get; } =
    [
        new KillAtRandomMoment(),
        new KillAfterEffect(),
        new AskToStop(),
        new FreezeProcess(),
        new HangingHandler(),
        new SpinningHandler(),
        new PoisonousJob(),
        new SecondServer(),
        new DamagedFile(),
    ];

    /// <summary>The fault of this name.</summary>
    public static IFault Named(string name) => List.Single(fault => fault.Name == name);
}
