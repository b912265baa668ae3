using FluentValidation;
using JobApi.Contracts;
using JobApi.Engine.Workers;

namespace JobApi.Validation;

/// <summary>The rules of new pool bounds. A bound that is not given stays, so it counts too.</summary>
internal sealed class ResizeWorkersValidator : AbstractValidator<ResizeWorkersRequest>
{
    public ResizeWorkersValidator(WorkerPool pool)
    {
        RuleFor(size => size.MinWorkers).InclusiveBetween(1, WorkerPool.MaxSize).WithMessage($"This is 1 to {WorkerPool.MaxSize} workers.");
        RuleFor(size => size.MaxWorkers).InclusiveBetween(1, WorkerPool.MaxSize).WithMessage($"This is 1 to {WorkerPool.MaxSize} workers.");

        RuleFor(size => size).Custom((size, context) =>
        {
            var now = pool.Snapshot();
            var (min, max) = (size.MinWorkers ?? now.MinWorkers, size.MaxWorkers ?? now.MaxWorkers);

            if (size is { MinWorkers: null, MaxWorkers: null })
            {
                context.AddFailure(string.Empty, "Give minWorkers, maxWorkers or both.");
            }
            else if (min > max)
            {
                context.AddFailure(size.MinWorkers is null ? "/maxWorkers" : "/minWorkers", $"minWorkers ({min}) would exceed maxWorkers ({max}).");
            }
        });
    }
}
