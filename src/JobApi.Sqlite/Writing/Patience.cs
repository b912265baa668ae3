namespace JobApi.Sqlite.Writing;

/// <summary>How long work waits for the moment in which it costs less, from when it came. The system counts in whole milliseconds, so it can be almost one more.</summary>
/// <param name="ForHands">New jobs, for hands, so that they are stored already claimed.</param>
/// <param name="ForCompany">An end that nobody waits for, for other work to be flushed with.</param>
internal readonly record struct Patience(TimeSpan ForHands, TimeSpan ForCompany)
{
    /// <summary>That of one kind of work.</summary>
    public TimeSpan Of(Urgency urgency) => urgency switch
    {
        Urgency.Intake => ForHands,
        Urgency.Ordinary => ForCompany,
        _ => TimeSpan.Zero,
    };
}
