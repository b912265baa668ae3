using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Engine.Execution;

/// <summary>Registers job types.</summary>
public static class JobHandlerServices
{
    /// <summary>Makes <typeparamref name="THandler"/> the handler of a job type: this one line and the class are all a new type needs.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="type">The word callers use: lower-case letters, digits and hyphens, at most 64.</param>
    /// <param name="configure">Description, example, defaults and limits.</param>
    /// <typeparam name="THandler">A class that implements <see cref="IJobHandler{TPayload,TResult}"/> once.</typeparam>
    /// <exception cref="ArgumentException">The word is not usable as a type, or the class is not a handler.</exception>
    public static IServiceCollection AddJobHandler<THandler>(this IServiceCollection services, string type, Action<JobTypeOptions>? configure = null)
        where THandler : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(type);

        if (type.Length > 64 || type.Any(c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')))
        {
            throw new ArgumentException($"'{type}' is not usable as a job type: use lower-case letters, digits and hyphens, at most 64.", nameof(type));
        }

        var handled = typeof(THandler).GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IJobHandler<,>)).ToArray();

        if (handled.Length != 1)
        {
            throw new ArgumentException(
                $"{typeof(THandler).Name} implements IJobHandler<TPayload, TResult> {handled.Length} times; a handler implements it once.", nameof(type));
        }

        var options = new JobTypeOptions();
        configure?.Invoke(options);
        options.Validate(type);

        // The only reflection: once a type, at start. From here on the compiler knows payload and result.
        var jobType = typeof(HandledJobType<,,>).MakeGenericType([typeof(THandler), .. handled[0].GetGenericArguments()]);
        var validator = typeof(IPayloadValidator<>).MakeGenericType(handled[0].GetGenericArguments()[0]);

        return services.AddSingleton(provider => (JobType)Activator.CreateInstance(
            jobType, type, options, provider.GetRequiredService<TimeProvider>(), provider.GetService(validator))!);
    }
}
