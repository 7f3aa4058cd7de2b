namespace Hookstream.Api.Tests.Routing;

/// <summary>An answer as its bytes say.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body);
