namespace JobApi.Contracts;

/// <summary>A stored file. Payloads name it by <c>id</c>.</summary>
/// <param name="Id">A UUIDv7.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">SHA-256 of its content, lower-case hexadecimal.</param>
/// <param name="MediaType">Its media type, as the upload said.</param>
/// <param name="Name">A name for people, as the upload said.</param>
/// <param name="Links">Where to go from here.</param>
public sealed record FileResponse(Guid Id, long Bytes, string Sha256, string MediaType, string? Name, FileLinks Links);

/// <summary>Paths of a file.</summary>
/// <param name="Self">The content.</param>
public sealed record FileLinks(string Self);
