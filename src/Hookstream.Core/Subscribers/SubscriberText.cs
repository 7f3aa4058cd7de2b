using Hookstream.Core.Retries;

namespace Hookstream.Core.Subscribers;

/// <summary>How stores write the lists of a subscriber's settings as text.</summary>
internal static class SubscriberText
{
    /// <summary>Filters as text; a filter cannot hold a comma.</summary>
    public static string Of(IReadOnlyList<EventFilter> filters) => string.Join(',', filters);

    /// <summary>Reads what <see cref="Of"/> wrote.</summary>
    public static List<EventFilter> ParseFilters(string text) =>
        [.. text.Split(',').Select(pattern => EventFilter.TryParse(pattern, out var filter)
            ? filter!
            : throw new InvalidDataException($"the store holds a filter that is none: {pattern}"))];

    /// <summary>Reads the text of a schedule; null stays null.</summary>
    public static RetrySchedule? ParseSchedule(string? text)
    {
        if (text is null)
            return null;
        var delays = text.Split(',').Select(delay => DurationText.TryParse(delay, out var parsed)
            ? parsed
            : throw new InvalidDataException($"the store holds a duration that is none: {delay}"));
        return RetrySchedule.TryCreate([.. delays], out var schedule)
            ? schedule
            : throw new InvalidDataException($"the store holds a schedule that is none: {text}");
    }
}
