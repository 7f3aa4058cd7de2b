namespace Hookstream.Client.Transport;

internal sealed record ProblemDocument(
    string? Title,
    string? Detail,
    string? Code,
    Dictionary<string, string[]>? Errors);
