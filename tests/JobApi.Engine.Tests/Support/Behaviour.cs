using JobApi.Engine.Execution;

namespace JobApi.Engine.Tests.Support;

/// <summary>What a test's handler does, by job type.</summary>
public delegate Task<Attempt<string>> Behaviour(JobContext context, CancellationToken cancellationToken);

/// <summary>The behaviours a test has given to its engine.</summary>
public sealed class Behaviours : Dictionary<string, Behaviour>;

/// <summary>The payload of every test job.</summary>
/// <param name="Text">Anything.</param>
public sealed record Note(string Text = "");

/// <summary>A handler that does what its test says.</summary>
public sealed class BehavingHandler(Behaviours behaviours) : IJobHandler<Note, string>
{
    public Task<Attempt<string>> HandleAsync(Note payload, JobContext context, CancellationToken cancellationToken) =>
        behaviours[context.Type](context, cancellationToken);
}
