namespace JobApi.Engine.Dispatch;

/// <summary>What the dispatcher does next for a suspect.</summary>
internal enum NextStep
{
    /// <summary>Nothing, until something that runs has ended.</summary>
    Wait,

    /// <summary>Look whether a suspect still waits.</summary>
    Check,

    /// <summary>Claim one: nothing runs.</summary>
    Claim,

    /// <summary>Jobs may run beside each other again.</summary>
    GoOn,
}
