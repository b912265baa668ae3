using JobApi.Engine.Execution;
using JobApi.Engine.Files;

namespace JobApi.Engine.Submission;

/// <summary>A draft after the look at it: either it may be stored, or it is refused.</summary>
/// <param name="Type">Its type; null only when it is refused.</param>
/// <param name="Files">The stored files its payload names.</param>
/// <param name="Refusal">Why it cannot be stored.</param>
internal readonly record struct CheckedDraft(JobType? Type, IReadOnlyList<Guid> Files, SubmitResult? Refusal);

/// <summary>Looks at drafts before they are stored: known type, valid payload, existing files.</summary>
internal sealed class DraftChecks(HandlerRegistry handlers, IFileStore files)
{
    public async ValueTask<CheckedDraft> CheckAsync(JobDraft draft, FileHold hold, CancellationToken cancellationToken)
    {
        if (handlers.Find(draft.Type) is not { } type)
        {
            return new CheckedDraft(null, [], new SubmitResult.UnknownType(draft.Type));
        }

        var payload = type.Check(draft.Payload);
        var errors = DraftRules.Check(draft, type, payload);

        if (errors.Count == 0 && payload.Files.Count > 0)
        {
            errors = await MissingFilesAsync(payload.Files, hold, cancellationToken);
        }

        return new CheckedDraft(type, payload.Files, errors.Count > 0 ? new SubmitResult.Invalid(errors) : null);
    }

    private async ValueTask<IReadOnlyList<PayloadError>> MissingFilesAsync(IReadOnlyList<Guid> named, FileHold hold, CancellationToken cancellationToken)
    {
        var missing = new List<PayloadError>();

        foreach (var file in named)
        {
            // Held before it is looked for: from here on it stays, or is gone already.
            await hold.AddAsync(file);

            if (await files.FindAsync(file, cancellationToken) is null)
            {
                missing.Add(new PayloadError(DraftRules.PayloadLocation, $"There is no file {file}; upload it first."));
            }
        }

        return missing;
    }
}
