namespace JobApi.Engine.Lifecycle;

/// <summary>Why an attempt did not succeed, as it is shown to the caller.</summary>
/// <param name="Type">A short stable word a program can branch on, such as <c>timeout</c> or <c>image-too-large</c>.</param>
/// <param name="Title">The kind of problem in words, the same for every error of this type.</param>
/// <param name="Detail">What happened this time.</param>
/// <param name="Attempt">The attempt that failed.</param>
public sealed record JobError(string Type, string Title, string Detail, int Attempt);
