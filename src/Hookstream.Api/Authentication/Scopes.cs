using Hookstream.Api.Json;

namespace Hookstream.Api.Authentication;

/// <summary>How the API writes scopes.</summary>
internal static class Scopes
{
    public static readonly WordSet<KeyScopes> Words = new(
        ("events:write", KeyScopes.EventsWrite), ("read", KeyScopes.Read), ("manage", KeyScopes.Manage));

    public static string[] Format(KeyScopes scopes) =>
        [.. Words.Words.Where(word => Words.TryParse(word, out var scope) && scopes.HasFlag(scope))];
}
