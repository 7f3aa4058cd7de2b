using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Challenges;

internal static partial class ChallengeLog
{
    [LoggerMessage(340, LogLevel.Information,
        "Challenge to {Endpoint}: verified {Verified}, status {StatusCode}, problem {Problem}")]
    public static partial void ChallengeSent(
        this ILogger logger, SubscriberId endpoint, bool verified, int? statusCode, string? problem);

    [LoggerMessage(341, LogLevel.Information, "Test event to {Endpoint}: {Outcome} {StatusCode}")]
    public static partial void TestSent(this ILogger logger, SubscriberId endpoint, string outcome, int? statusCode);

    [LoggerMessage(342, LogLevel.Error, "Due challenges could not be listed; it is tried again")]
    public static partial void ListingFailed(this ILogger logger, Exception exception);

    [LoggerMessage(343, LogLevel.Error, "What came of the challenge to {Endpoint} could not be recorded; it is sent again")]
    public static partial void RecordingFailed(this ILogger logger, SubscriberId endpoint, Exception exception);

    [LoggerMessage(344, LogLevel.Warning, "The challenge to {Endpoint}, cut off by the shutdown, is sent again only in minutes")]
    public static partial void ReturningFailed(this ILogger logger, SubscriberId endpoint, Exception exception);
}
