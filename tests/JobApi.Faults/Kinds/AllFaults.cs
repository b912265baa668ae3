using JobApi.Faults.Checking;
using JobApi.Faults.Disk;
using JobApi.Faults.Twins;

namespace JobApi.Faults.Kinds;

/// <summary>Every fault there is, once.</summary>
internal static class AllFaults
{
    /// <summary>All of them, in the order of the report.</summary>
    public static IReadOnlyList<IFault> List { get; } =
    [
        new KillAtRandomMoment(),
        new KillAfterEffect(),
        new KillAtNamedPoint("before a write of its log", DiskFault.KillBeforeWrite, Twin.AcknowledgesEarly, ViolationKind.Lost),
        new KillAtNamedPoint("after a write of its log, before the fsync", DiskFault.KillBeforeSync, Twin.AcknowledgesEarly, ViolationKind.Lost),
        new KillAtNamedPoint("after the fsync, before the answer", DiskFault.KillAfterSync, Twin.ForgetsKeys, ViolationKind.Doubled),
        new LosePower(),
        new AskToStop(),
        new FreezeProcess(),
        new HangingHandler(),
        new SpinningHandler(),
        new PoisonousJob(),
        new SecondServer(),
        new DamagedFile(),
        new FailingDisk("an fsync that fails", DiskFault.SyncError),
        new FailingDisk("a write that fails", DiskFault.WriteError),
        new FullDisk(),
        new ClockJumps(),
    ];

    /// <summary>The fault of this name.</summary>
    public static IFault Named(string name) => List.Single(fault => fault.Name == name);
}
