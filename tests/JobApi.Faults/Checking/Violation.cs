namespace JobApi.Faults.Checking;

/// <summary>A promise that was not kept.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Token">The submission it is about, if it is about one.</param>
/// <param name="JobId">The job it is about, if there is one.</param>
/// <param name="Message">What was seen instead.</param>
internal sealed record Violation(ViolationKind Kind, string? Token, Guid? JobId, string Message);

/// <summary>The promises, each named by what breaks it.</summary>
internal enum ViolationKind
{
    /// <summary>An accepted job is not there.</summary>
    Lost,

    /// <summary>A job did not come to an end.</summary>
    Unfinished,

    /// <summary>One submission made two jobs, or two answers to it name different ones.</summary>
    Doubled,

    /// <summary>A job that nobody submitted, or that was refused, is there.</summary>
    Unexpected,

    /// <summary>Attempts do not go up one by one.</summary>
    Numbering,

    /// <summary>A handler ran more often than it had reason to.</summary>
    ExtraStart,

    /// <summary>A budget was charged for what it is not charged for.</summary>
    Charge,

    /// <summary>An end changed without a person.</summary>
    SecondEnd,

    /// <summary>A job ended in a way that nothing explains.</summary>
    Outcome,

    /// <summary>The server did something it never should: started, ended, answered.</summary>
    Server,
}
