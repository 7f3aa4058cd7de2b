namespace Hookstream.Server.Tests.Commands;

internal sealed record FakeRequest(string Route, string Query, string Body, IReadOnlyDictionary<string, string> Headers);
