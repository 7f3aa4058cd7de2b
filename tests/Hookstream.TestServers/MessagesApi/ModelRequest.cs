using System.Text.Json;

namespace Hookstream.TestServers.MessagesApi;

/// <summary>What the stand-in of a model was asked.</summary>
/// <param name="Path">The request's path.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body.</param>
public sealed record ModelRequest(string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The body's fields.</summary>
    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>The system prompt.</summary>
    public string System => Json.GetProperty("system").GetString()!;

    /// <summary>What was said so far, in turn by the user and by the model.</summary>
    public IReadOnlyList<(string Role, string Text)> Turns =>
    [
        .. Json.GetProperty("messages").EnumerateArray()
            .Select(turn => (turn.GetProperty("role").GetString()!, turn.GetProperty("content").GetString()!)),
    ];
}
