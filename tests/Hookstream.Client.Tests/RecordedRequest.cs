namespace Hookstream.Client.Tests;

internal sealed record RecordedRequest(
    string Method,
    string Url,
    string? Body,
    string? ContentType,
    IReadOnlyDictionary<string, string> Headers);
