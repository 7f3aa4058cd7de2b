namespace Hookstream.Client.Transport;

internal sealed record PageMeta(int? Limit, string? NextCursor, long? Total);
