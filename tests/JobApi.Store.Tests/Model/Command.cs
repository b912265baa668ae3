using CsCheck;

namespace JobApi.Store.Tests.Model;

/// <summary>
/// Something that happens to a store. Jobs and leases are named by a number that is taken modulo what there is, so every
/// sequence of commands means something, and the same in every store.
/// </summary>
public abstract record Command
{
    private Command()
    {
    }

    public sealed record Pass(int Seconds) : Command;

    public sealed record Submit(int Count, string Type, int Priority, int Delay, int ExpiresIn, int Key, int Fingerprint, int Offer, int Unique, int Keys) : Command;

    public sealed record Claim(int Max, bool AllTypes, int Budget, int Lease, bool IsForSuspect = false) : Command;

    public sealed record Finish(int Lease, int Outcome) : Command;

    public sealed record Renew(int Lease) : Command;

    public sealed record Report(int Lease) : Command;

    public sealed record Advance(int Max) : Command;

    public sealed record Cancel(int Job) : Command;

    public sealed record Requeue(int Job) : Command;

    public sealed record Amend(int Job, int Priority, int Delay) : Command;

    public sealed record Delete(int Job) : Command;

    public sealed record Purge(int MaxBytes, int Max, int Kind = 0) : Command;

    public sealed record Reopen(bool Crash) : Command;

    public sealed record Undo : Command;

    public sealed record Change(int Queue, int Setting) : Command;

    /// <summary>Sequences in which jobs are likely to meet: few types, priorities and instants, many claims.</summary>
    public static Gen<Command[]> Sequences { get; } = Gen.Frequency(
        (4, Of(Gen.OneOf(1, 1, 5, 40, 4000), seconds => new Pass(seconds))),
        (6, Submissions),
        (6, (IGen<Command>)Gen.Select(Gen.Int[1, 4], Gen.Bool, Gen.Int[0, 3], Gen.OneOf(0, 3, 30),
            Command (max, allTypes, budget, lease) => new Claim(max, allTypes, budget, lease))),
        (3, (IGen<Command>)Gen.Select(Gen.Int[0, 2], Gen.Bool, Gen.OneOf(0, 3),
            Command (max, allTypes, lease) => new Claim(max, allTypes, Budget: 0, lease, IsForSuspect: true))),
        (6, (IGen<Command>)Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 5], Command (lease, outcome) => new Finish(lease, outcome))),
        (2, Of(Gen.Int[0, 1000], lease => new Renew(lease))),
        (2, Of(Gen.Int[0, 1000], lease => new Report(lease))),
        (5, Of(Gen.OneOf(1, 2, 100), max => new Advance(max))),
        (3, Of(Gen.Int[0, 1000], job => new Cancel(job))),
        (3, Of(Gen.Int[0, 1000], job => new Requeue(job))),
        (3, (IGen<Command>)Gen.Select(Gen.Int[0, 1000], Gen.Int[-1, 1], Gen.OneOf(0, 1, 20), Command (job, priority, delay) => new Amend(job, priority, delay))),
        (2, Of(Gen.Int[0, 1000], job => new Delete(job))),
        (1, (IGen<Command>)Gen.Bool.Select(Command (crash) => new Reopen(crash))),
        (1, (IGen<Command>)Gen.Const<Command>(new Undo())),
        (3, (IGen<Command>)Gen.Select(Gen.Int[0, 1], Gen.Int[0, 5], Command (queue, setting) => new Change(queue, setting))),
        (1, (IGen<Command>)Gen.Select(Gen.OneOf(0, 3_000, 1_000_000), Gen.OneOf(1, 100), Gen.Int[0, 3],
            Command (bytes, max, kind) => new Purge(bytes, max, kind)))).Array[1, 80];

    private static IGen<Command> Submissions => Gen.Select(
        Gen.Select(Gen.Int[1, 3], Gen.OneOf("square", "sleep", "unheard-of"), Gen.Int[-1, 1]),
        Gen.Select(Gen.OneOf(0, 0, 1, 20), Gen.OneOf(0, 0, 1, 10)),
        Gen.Select(Gen.Int[-3, 2], Gen.Int[1, 2], Gen.Int[0, 2], Gen.Int[-3, 2], Gen.Int[0, 31]),
        Command (what, when, how) => new Submit(
            what.Item1, what.Item2, what.Item3, when.Item1, when.Item2, how.Item1, how.Item2, how.Item3, how.Item4, how.Item5));

    private static Gen<Command> Of(Gen<int> number, Func<int, Command> command) => number.Select(command);
}
