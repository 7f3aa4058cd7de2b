using System.Text.Json;

namespace Hookstream.TestServers.MessagesApi;

/// <summary>How the stand-in of a model answers a request.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
public sealed record ModelAnswer(int Status, string Body)
{
    /// <summary>A diagnosis that is as it should be.</summary>
    public const string GoodDiagnosis =
        """
        {"summary":"The endpoint answers 500.","likely_cause":"A bug in its handler.","pattern":"systematic","recommended_action":"Look at its log.","confidence":"high"}
        """;

    /// <summary>A message with this text.</summary>
    public static ModelAnswer Says(string text, string stopReason = "end_turn") =>
        new(200, JsonSerializer.Serialize(new
        {
            id = "msg_1",
            type = "message",
            role = "assistant",
            model = "claude-haiku-5-5",
            content = new[] { new { type = "text", text } },
            stop_reason = stopReason,
            stop_sequence = (string?)null,
            usage = new { input_tokens = 10, output_tokens = 10 },
        }));

    /// <summary>An error as the provider writes it.</summary>
    public static ModelAnswer Fails(int status, string type, string message = "not now") =>
        new(status, JsonSerializer.Serialize(new { type = "error", error = new { type, message } }));
}
