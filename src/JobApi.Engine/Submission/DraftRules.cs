using JobApi.Engine.Execution;

namespace JobApi.Engine.Submission;

/// <summary>The rules of a draft that depend on its type. What holds for every type is checked before a draft is made.</summary>
internal static class DraftRules
{
    public const string PayloadLocation = "/payload";

    public static IReadOnlyList<PayloadError> Check(JobDraft draft, JobType type, PayloadCheck payload)
    {
        if (payload.IsValid && draft.Timeout is null)
        {
            return [];
        }

        List<PayloadError> errors = [.. payload.Errors.Select(error => error with { Location = PayloadLocation + error.Location })];

        if (draft.Timeout > type.Options.MaxTimeout)
        {
            errors.Add(new PayloadError("/timeoutSeconds",
                $"{draft.Timeout.Value.TotalSeconds:0.###} is more than a job of type '{type.Name}' may take, which is {type.Options.MaxTimeout.TotalSeconds:0.###}."));
        }

        return errors;
    }
}
