using Hookstream.Api.Json;

namespace Hookstream.Api.Events;

/// <summary>How the API writes priorities.</summary>
internal static class Priorities
{
    public static readonly WordSet<EventPriority> Words = new(
        ("high", EventPriority.High), ("normal", EventPriority.Normal), ("low", EventPriority.Low));
}
