namespace Hookstream.Api.Events;

/// <summary>The header that may stand for the field <c>idempotency_key</c>.</summary>
internal static class IdempotencyHeader
{
    public static void Apply(IHeaderDictionary headers, ref ParsedEvent parsed)
    {
        if (!headers.TryGetValue(IdempotencyKey.Header, out var values) || values.Count == 0)
            return;
        if (values.Count > 1)
            parsed.Fail(IdempotencyKey.Header, "is given more than once");
        else if (!IdempotencyKey.IsValid(values[0]))
            parsed.Fail(IdempotencyKey.Header, $"must have {IdempotencyKey.Accepted}");
        else if (parsed.IdempotencyKey is not null && parsed.IdempotencyKey != values[0])
            parsed.Fail(IdempotencyKey.Header, "differs from the field 'idempotency_key'; give one of them");
        else
            parsed.IdempotencyKey = values[0];
    }
}
