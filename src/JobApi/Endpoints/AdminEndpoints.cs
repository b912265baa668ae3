using JobApi.Backups;
using JobApi.Contracts;
using JobApi.OpenApi;
using JobApi.Refusals;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobApi.Endpoints;

/// <summary><c>/admin</c>: for whoever runs the server.</summary>
internal static class AdminEndpoints
{
    public static void MapAdmin(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/admin").WithTags("Admin").MapPost("/backup", BackUpAsync).Describe(ServerDocs.MakeBackup);

    private static async Task<Results<Created<BackupResponse>, Problem>> BackUpAsync(BackupMaker backups, CancellationToken cancellationToken) =>
        await backups.MakeAsync(cancellationToken) switch
        {
            BackupResult.Made made => TypedResults.Created((string?)null, made.Backup),
            BackupResult.Running => Problems.BackupRunning(),
            BackupResult.Failed failed => Problems.BackupFailed(failed.Why),
            _ => Problems.BackupNotPossible(),
        };
}
