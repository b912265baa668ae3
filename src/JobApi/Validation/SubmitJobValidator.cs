using FluentValidation;
using JobApi.Contracts;
using JobApi.Engine.Workers;

namespace JobApi.Validation;

/// <summary>The rules of a submission that hold for every job type. Those of the type itself follow in the engine.</summary>
internal sealed class SubmitJobValidator : AbstractValidator<SubmitJobRequest>
{
    /// <summary>366 days: long enough for anything a server should remember, short enough that no sum overflows.</summary>
    public const double MaxSpanSeconds = 31_622_400;

    public const int MaxQueueLength = 64;

    /// <summary>As many as a server can have workers.</summary>
    public const int MaxLimit = WorkerPool.MaxSize;

    public const string LimitRule = "This is a whole number from 1 to 1024.";
    public const string PriorityRule = "This is a whole number from -100 to 100.";
    public const string KeyRule = "This is text of 1 to 255 characters.";
    public const string RunAtRule = "This is at most 366 days ahead.";

    public SubmitJobValidator(TimeProvider time)
    {
        RuleFor(job => job.Type).Length(1, 64).WithMessage("This is a job type's name, 1 to 64 characters.");
        RuleFor(job => job.Queue).Matches(QueueName.Pattern).WithMessage(QueueName.Rule);
        RuleFor(job => job.Priority).InclusiveBetween(-100, 100).WithMessage(PriorityRule);
        RuleFor(job => job.DelaySeconds).InclusiveBetween(0, MaxSpanSeconds).WithMessage("This is 0 to 31622400 seconds (366 days).");
        RuleFor(job => job.ExpiresInSeconds).InclusiveBetween(0.001, MaxSpanSeconds).WithMessage("This is 0.001 to 31622400 seconds (366 days).");
        RuleFor(job => job.RetentionSeconds).InclusiveBetween(0, MaxSpanSeconds).WithMessage("This is 0 to 31622400 seconds (366 days).");
        RuleFor(job => job.TimeoutSeconds).InclusiveBetween(0.001, MaxSpanSeconds).WithMessage("This is 0.001 seconds to the type's limit.");
        RuleFor(job => job.MaxAttempts).InclusiveBetween(1, 100).WithMessage("This is a whole number from 1 to 100.");
        RuleFor(job => job.RunAt).Must(at => at <= time.GetUtcNow().AddSeconds(MaxSpanSeconds)).When(job => job.RunAt is not null)
            .WithMessage(RunAtRule);
        RuleFor(job => job.RunAt).Null().When(job => job.DelaySeconds is not null).WithMessage("Give runAt or delaySeconds, not both.");
        RuleFor(job => job.Backoff).SetValidator(new BackoffValidator()!).When(job => job.Backoff is not null);
        RuleFor(job => job.Unique).SetValidator(new UniqueValidator()!).When(job => job.Unique is not null);
        RuleFor(job => job.FairnessKey).Length(1, 255).WithMessage(KeyRule);
        RuleFor(job => job.ConcurrencyKey).Length(1, 255).WithMessage(KeyRule);
        RuleFor(job => job.ConcurrencyLimit).InclusiveBetween(1, MaxLimit).WithMessage(LimitRule);
        RuleFor(job => job.ConcurrencyLimit).Null().When(job => job.ConcurrencyKey is null).WithMessage("A limit needs a concurrencyKey to count by.");
        RuleFor(job => job.Tags).Custom((tags, context) => TagRules.Check(tags, context));
    }
}
