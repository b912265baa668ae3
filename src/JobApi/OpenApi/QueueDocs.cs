using static JobApi.OpenApi.ParameterDoc;
using static JobApi.Refusals.ProblemType;

namespace JobApi.OpenApi;

/// <summary>What the API description says about <c>/queues</c>.</summary>
internal static class QueueDocs
{
    public static OperationDoc List { get; } = new("ListQueues", "List the queues",
        "Every queue that is paused, limited or has jobs that have not ended, by name, at most 1,000 a call.")
    {
        Parameters = [Query("after", "The `nextAfter` of the page before.")],
        Answers = new Dictionary<int, string> { [200] = "The queues, by name." },
        Problems = [InvalidRequest],
    };

    public static OperationDoc Get { get; } = new("GetQueue", "Look up a queue",
        "How much waits, since when, how much runs, and what is set. A queue exists while it has settings or jobs that have not ended.")
    {
        Answers = new Dictionary<int, string> { [200] = "The queue as it stands." },
        Problems = [InvalidRequest, QueueNotFound],
    };

    public static OperationDoc Change { get; } = new("ChangeQueue", "Change a queue's settings",
        "Sets `paused` and `concurrencyLimit`, at once and for every later start; what is absent stays, and a limit of `null` is none. "
        + "A lower limit stops nothing that runs. The queue need not have been used before.")
    {
        Answers = new Dictionary<int, string> { [200] = "The queue as it stands now." },
        Problems = [MalformedJson, InvalidRequest, ForeignOrigin, BodyTooLarge, UnsupportedMediaType, NotAccepted],
    };

    public static OperationDoc Pause { get; } = new("PauseQueue", "Pause a queue",
        "None of its jobs starts until it is resumed, also after a restart. Those that run go on, and new ones are taken in. Repeating it changes nothing.")
    {
        Answers = new Dictionary<int, string> { [200] = "The queue as it stands now." },
        Problems = [InvalidRequest, ForeignOrigin, NotAccepted],
    };

    public static OperationDoc Resume { get; } = new("ResumeQueue", "Resume a queue", "Its jobs start again. Repeating it changes nothing.")
    {
        Answers = new Dictionary<int, string> { [200] = "The queue as it stands now." },
        Problems = [InvalidRequest, ForeignOrigin, NotAccepted],
    };
}
