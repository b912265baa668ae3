using JobApi.Contracts;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Files;
using JobApi.OpenApi;
using JobApi.Refusals;
using JobApi.Requests;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace JobApi.Endpoints;

/// <summary><c>/files</c>: what is too large for JSON.</summary>
internal static class FileEndpoints
{
    /// <summary>Somebody has to make room, and that takes a while.</summary>
    private static readonly TimeSpan WhenDiskIsFull = TimeSpan.FromMinutes(1);

    public static void MapFiles(this IEndpointRouteBuilder routes)
    {
        var files = routes.MapGroup("/files").WithTags("Files");

        files.MapPut("/", UploadAsync).Describe(ServerDocs.PutFile);
        files.MapPost("/", UploadAsync).Describe(ServerDocs.PostFile);
        files.MapGet("/{id:guid}", DownloadAsync).Describe(ServerDocs.GetFile);
        files.MapMethods("/{id:guid}", [HttpMethods.Head], DownloadAsync).Describe(ServerDocs.HeadFile);
        files.MapDelete("/{id:guid}", DeleteAsync).Describe(ServerDocs.DeleteFile);
    }

    private static async Task<Results<Created<FileResponse>, Problem>> UploadAsync(
        FileUpload upload, HttpContext http, IFileStore files, DiskSpace disks, IOptions<FileStoreOptions> options,
        CancellationToken cancellationToken)
    {
        var limit = options.Value.MaxFileBytes;

        // Before the first read: a client that asked first (Expect: 100-continue) has not sent anything yet.
        if (http.Request.ContentLength > limit)
        {
            return Problems.BodyTooLarge(limit);
        }

        if (disks.IsShortOf(DiskUse.Files))
        {
            return Problems.NotAccepted("The disk is short of room; nothing of the file was kept.", WhenDiskIsFull);
        }

        if (http.Request.ContentLength is { } announced && !files.HasRoomFor(announced))
        {
            return NoRoom();
        }

        // The server's own bound is made for JSON; this store keeps its own while it reads.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        try
        {
            var file = await files.SaveAsync(http.Request.Body, upload.Description, limit, cancellationToken);
            var self = PathOf(file.Id);
            return TypedResults.Created(self, new FileResponse(file.Id, file.Bytes, file.Sha256, file.MediaType, file.Name, new FileLinks(self)));
        }
        catch (FileTooLargeException)
        {
            return Problems.BodyTooLarge(limit);
        }
        catch (FileStoreFullException)
        {
            return NoRoom();
        }
        catch (IOException exception) when (IsDiskFull(exception))
        {
            return Problems.NotAccepted("The disk is full; nothing of the file was kept.", WhenDiskIsFull);
        }
    }

    private static Problem NoRoom() => Problems.NotAccepted("The files take all the room they may; nothing of the file was kept.", WhenDiskIsFull);

    /// <summary>ENOSPC and EDQUOT as Linux numbers them, ENOSPC's neighbours on Windows (ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL).</summary>
    private static bool IsDiskFull(IOException exception) => (exception.HResult & 0xFFFF) is 28 or 122 or 39 or 112;

    private static async Task<Results<FileStreamHttpResult, Problem>> DownloadAsync(
        Guid id, HttpResponse response, IFileStore files, CancellationToken cancellationToken)
    {
        if (await files.FindAsync(id, cancellationToken) is not { } file || await files.OpenAsync(id, cancellationToken) is not { } content)
        {
            return Problems.FileNotFound(id);
        }

        // Whatever was uploaded, a browser must neither guess its type nor run it in this server's name.
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers.ContentDisposition = Attachment(file.Name);

        return TypedResults.Stream(
            content, file.MediaType, lastModified: file.CreatedAt, entityTag: new EntityTagHeaderValue($"\"{file.Sha256}\""), enableRangeProcessing: true);
    }

    private static async Task<Results<NoContent, Problem>> DeleteAsync(Guid id, FileCollector collector, CancellationToken cancellationToken) =>
        await collector.DeleteAsync(id, cancellationToken) switch
        {
            FileDeletion.Deleted => TypedResults.NoContent(),
            FileDeletion.InUse => Problems.FileInUse(id),
            _ => Problems.FileNotFound(id),
        };

    private static string PathOf(Guid id) => $"/files/{id}";

    private static string Attachment(string? name)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");

        if (name is not null)
        {
            disposition.SetHttpFileName(name);
        }

        return disposition.ToString();
    }
}
