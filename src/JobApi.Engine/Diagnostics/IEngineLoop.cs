namespace JobApi.Engine.Diagnostics;

/// <summary>Work that goes on as long as the engine. It is run under the <see cref="LoopSupervisor"/>.</summary>
internal interface IEngineLoop
{
    /// <summary>The loop's name in the log and in health answers.</summary>
    string Name { get; }

    /// <summary>Whether jobs stand still, or run twice, without it: then the process cannot go on either. The others are tried for as long as it lives.</summary>
    bool IsVital => false;

    /// <summary>
    /// Runs until <paramref name="stop"/> fires, waits for its work only through <see cref="Heartbeat.RestUntilAsync"/>, and calls
    /// <see cref="Heartbeat.Beat"/> after each piece of it. When it throws it is started again, so what it has taken and not finished must be
    /// in its fields.
    /// </summary>
    Task RunAsync(Heartbeat heartbeat, CancellationToken stop);
}
