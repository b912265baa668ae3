using System.Text;

namespace JobApi.Tests.Contract;

/// <summary>In which situation of the server something happens.</summary>
internal enum Situation
{
    /// <summary>All is well; bodies are held to small limits.</summary>
    Usual,

    /// <summary>The backlog is as long as it may get.</summary>
    Full,

    /// <summary>There is less room on the disks than the server wants to keep free.</summary>
    DiskShort,

    /// <summary>The store has no room left for any change, nor anything to give up for one.</summary>
    StoreFull,

    /// <summary>More handlers ignored their cancellation than the server puts up with.</summary>
    Unwell,
}

/// <summary>One row of the conformance suite: an operation of the contract, and a request that makes it answer with a status.</summary>
/// <param name="Operation">Method and path, as the API description names them.</param>
/// <param name="Status">The status it answers with.</param>
/// <param name="Word">For a refusal the kind of problem; otherwise when it happens.</param>
/// <param name="Request">The request, and whatever has to happen before it.</param>
internal sealed record ContractCase(string Operation, int Status, string Word, Func<Stage, Task<Call>> Request)
{
    public ContractCase(string operation, int status, string word, Func<Stage, Call> request)
        : this(operation, status, word, stage => Task.FromResult(request(stage)))
    {
    }

    public Situation In { get; init; }

    /// <summary>The only store on which it can happen; null when it happens on all.</summary>
    public string? OnlyOn { get; init; }

    /// <summary>Whether it takes several tries to hit the moment.</summary>
    public bool IsRace { get; init; }

    public string Name => $"{Operation}: {Status} {Word}";

    public string Pair => $"{Operation} {Status}";

    public bool IsOn(string store) => OnlyOn is null || OnlyOn == store;

    public override string ToString() => Name;
}

/// <summary>A request to the operation of a row.</summary>
/// <param name="Content">The body.</param>
/// <param name="MediaType">Its media type.</param>
internal sealed record Call(byte[]? Content = null, string? MediaType = null)
{
    /// <summary>What stands in place of <c>{id}</c> and the like.</summary>
    public string? Id { get; init; }

    public string Query { get; init; } = string.Empty;

    public (string Name, string Value)[] Headers { get; init; } = [];

    public static Call Nothing { get; } = new();

    public static Call Json(string text) => new(Encoding.UTF8.GetBytes(text), "application/json");

    public static Call Text(string text) => new(Encoding.UTF8.GetBytes(text), "text/plain");

    public static Call Of(string id) => new() { Id = id };

    public Call With(string header, string value) => this with { Headers = [.. Headers, (header, value)] };

    public Call Asking(string query) => this with { Query = "?" + query };
}
