using FluentValidation;
using JobApi.Contracts;
using JobApi.Engine.Storage.Searching;
using JobApi.Requests;
using Microsoft.Extensions.Options;

namespace JobApi.Validation;

/// <summary>The rules of a filter that jobs are acted on by. Unlike a list's it must say something: a mistake would hit every job.</summary>
internal sealed class JobFilterValidator : AbstractValidator<JobFilterRequest>
{
    public JobFilterValidator(IOptions<SearchOptions> search)
    {
        RuleFor(filter => filter)
            .Must(filter => filter.State?.Count > 0 || filter.Type is not null || filter.Queue is not null || filter.Tags?.Count > 0
                || filter.CreatedAfter is not null || filter.CreatedBefore is not null || filter.Q is not null)
            .OverridePropertyName(string.Empty)
            .WithMessage("Give at least one filter. For really all jobs, give createdBefore with the current time.");
        RuleFor(filter => filter.State).Must(states => states is null || (states.Count <= Words.States.Count && states.All(state => Words.State(state) is not null)))
            .WithMessage($"This is one or more of {string.Join(", ", Words.States)}.");
        RuleFor(filter => filter.Type).Length(1, JobListQuery.MaxValueLength).WithMessage("This is a job type's name.");
        RuleFor(filter => filter.Queue).Length(1, JobListQuery.MaxValueLength).WithMessage("This is a queue's name.");
        RuleFor(filter => filter.PageToken).Length(1, JobListQuery.MaxValueLength).WithMessage("This is the nextPageToken of the call before.");
        RuleFor(filter => filter.Q).Length(1, SearchQuery.MaxLength).WithMessage($"This is text of 1 to {SearchQuery.MaxLength} characters.").Custom((q, context) =>
        {
            if (q is { Length: >= 1 and <= SearchQuery.MaxLength } && SearchWords.Read(q, search.Value.Enabled, out _) is { } why)
            {
                context.AddFailure(why);
            }
        });
        RuleFor(filter => filter.Tags).Custom((tags, context) => TagRules.Check(tags, context));
    }
}

/// <summary>The rules of a cancellation by filter.</summary>
internal sealed class CancelJobsValidator : AbstractValidator<CancelJobsRequest>
{
    public CancelJobsValidator(IOptions<SearchOptions> search)
    {
        Include(new JobFilterValidator(search));
        RuleFor(cancel => cancel.Reason).MaximumLength(500).WithMessage("This is text of at most 500 characters.");
    }
}
