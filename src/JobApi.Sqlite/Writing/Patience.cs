namespace JobApi.Sqlite.Writing;

/// <summary>The longest that work waits for the moment in which it costs less.</summary>
/// <param name="ForHands">New jobs, for hands, so that they are stored already claimed.</param>
/// <param name="ForCompany">An end that nobody waits for, for other work to be flushed with.</param>
internal readonly record struct Patience(TimeSpan ForHands, TimeSpan ForCompany)
{
    /// <summary>That of one kind of work.</summary>
    public TimeSpan Of(Urgency urgency) => urgency == Urgency.Intake ? ForHands : ForCompany;
}
