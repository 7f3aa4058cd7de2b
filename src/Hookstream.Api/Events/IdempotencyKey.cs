namespace Hookstream.Api.Events;

/// <summary>The key under which an event is accepted once.</summary>
internal static class IdempotencyKey
{
    public const string Field = "idempotency_key";
    public const string Header = "Idempotency-Key";
    public const string Accepted = "1 to 255 printable ASCII characters";

    private const int MaxLength = 255;

    public static bool IsValid(ReadOnlySpan<char> key) =>
        key.Length is > 0 and <= MaxLength && !key.ContainsAnyExceptInRange(' ', '~');
}
