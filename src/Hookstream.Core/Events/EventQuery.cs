namespace Hookstream.Core.Events;

/// <summary>Which events to list. Null: any.</summary>
/// <param name="Type">Exact type.</param>
/// <param name="Since">Created at this time or later.</param>
/// <param name="Until">Created before this time.</param>
public sealed record EventQuery(EventType? Type = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null);
