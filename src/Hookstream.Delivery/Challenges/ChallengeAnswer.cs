using System.Text.Json;
using Hookstream.Delivery.Sending;

namespace Hookstream.Delivery.Challenges;

/// <summary>Judges the answer to a challenge.</summary>
internal static class ChallengeAnswer
{
    /// <summary>Most bytes of an answer.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>What is wrong with the answer, for people; null: it is verified.</summary>
    public static string? ProblemOf(SendResult result, string challenge)
    {
        if (result.Attempt.Outcome != AttemptOutcome.Delivered)
            return result.Attempt.Error;
        if (result.Body.Length > MaxLength)
            return "the answer is longer than 64 KiB";
        try
        {
            var reader = new Utf8JsonReader(result.Body.Span);
            return HoldsChallenge(ref reader, challenge)
                ? null
                : $"the answer has no string \"challenge\" with the value that was sent, {challenge}";
        }
        catch (JsonException)
        {
            return $"the answer is not a JSON object such as {{\"challenge\":\"{challenge}\"}}";
        }
    }

    private static bool HoldsChallenge(ref Utf8JsonReader reader, string challenge)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        var found = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var named = reader.ValueTextEquals("challenge"u8);
            reader.Read();
            if (named)
                found = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(challenge);
            reader.Skip();
        }

        // Reads to the end, so that a body that is only JSON at first is refused.
        return !reader.Read() && found;
    }
}
