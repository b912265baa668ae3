namespace JobApi.Benchmarks.Peers;

/// <summary>A system that takes part in the comparison.</summary>
/// <param name="Name">The word that picks it on the command line.</param>
/// <param name="What">What it is, for the table.</param>
/// <param name="Features">What it can be asked for.</param>
/// <param name="StartAsync">Starts it; fails with <see cref="MissingException"/> where this machine lacks something it needs.</param>
internal sealed record Contender(string Name, string What, Features Features, Func<Task<RunningSystem>> StartAsync);

/// <summary>Something is not installed here: what needs it is left out, and the message says why.</summary>
internal sealed class MissingException(string message) : Exception(message);
