using JobApi.Engine.Storage;
using JobApi.OpenApi;

namespace JobApi.Refusals;

/// <summary>Turns what nobody answered into problems: exceptions, unknown addresses, wrong methods.</summary>
internal static partial class ProblemHandling
{
    /// <summary>Not a registered status: the client is gone and reads no answer. It keeps such requests apart in metrics.</summary>
    private const int ClientClosedRequest = 499;

    /// <summary>Somebody has to make room, and that takes a while.</summary>
    private static readonly TimeSpan WhenStoreIsFull = TimeSpan.FromMinutes(1);

    public static void UseProblems(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("JobApi.Http");

        app.Use(next => context => CatchAsync(context, next, logger));
    }

    private static async Task CatchAsync(HttpContext context, RequestDelegate next, ILogger logger)
    {
        try
        {
            await next(context);

            if (!context.Response.HasStarted && Describe(context) is { } problem)
            {
                await problem.ExecuteAsync(context);
            }
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whatever it was, it is the consequence of a client that left: nobody's fault and nobody's reader.
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = ClientClosedRequest;
            }
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            await ForServerRefusal(exception).ExecuteAsync(context);
        }
        catch (StoreException exception) when (!exception.IsFinal && !context.Response.HasStarted && CanBeNotAccepted(context))
        {
            await Problems.NotAccepted(exception.Message, WhenStoreIsFull).ExecuteAsync(context);
        }
        catch (Exception exception)
        {
            LogFailure(logger, context.Request.Method, context.GetEndpoint()?.DisplayName, context.TraceId(), exception);

            if (context.Response.HasStarted)
            {
                // The status is out already: a broken connection is the only honest signal left.
                context.Abort();
                return;
            }

            context.Response.Clear();
            await Problems.InternalError().ExecuteAsync(context);
        }
    }

    /// <summary>
    /// A store that goes on has not made the change it could not make. That settles a request of one change; one of many answers itself when it has made others before.
    /// </summary>
    private static bool CanBeNotAccepted(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<OperationDoc>()?.Problems.Contains(ProblemType.NotAccepted) == true;

    /// <summary>The server's own refusals while it reads a request.</summary>
    private static Problem ForServerRefusal(BadHttpRequestException exception) => exception.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => new Problem(ProblemType.BodyTooLarge, "The body is larger than this server takes."),
        StatusCodes.Status408RequestTimeout => Problems.RequestTimeout(),
        _ => Problems.BadRequest(exception.Message),
    };

    /// <summary>Refusals of the framework, which come as a bare status.</summary>
    private static Problem? Describe(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Problems.NotFound(context.Request.Path),
        StatusCodes.Status405MethodNotAllowed => Problems.MethodNotAllowed(context.Request.Method, context.Response.Headers.Allow.ToString()),
        StatusCodes.Status412PreconditionFailed => Problems.PreconditionFailed(),
        StatusCodes.Status415UnsupportedMediaType => Problems.UnsupportedMediaType("This address does not take such a body."),
        StatusCodes.Status416RangeNotSatisfiable => Problems.RangeNotSatisfiable(),
        StatusCodes.Status400BadRequest => Problems.BadRequest("The request cannot be understood."),
        _ => null,
    };

    [LoggerMessage(LogLevel.Error, "{Method} {Endpoint} failed (trace {TraceId})")]
    private static partial void LogFailure(ILogger logger, string method, string? endpoint, string traceId, Exception exception);
}
