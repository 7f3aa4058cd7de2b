using System.Text;

namespace Hookstream.Delivery.Sending;

/// <summary>
/// Takes the values of a subscriber's headers out of what its endpoint answered, as an endpoint that repeats the request does: an
/// answer is stored, and shown, in clear.
/// </summary>
internal static class EchoedHeaders
{
    /// <summary>The body as it may be kept.</summary>
    /// <param name="body">What was received.</param>
    /// <param name="truncated">True when there was more, so that a value may begin in it and not end.</param>
    /// <param name="headers">The headers that were sent.</param>
    public static ReadOnlyMemory<byte> Redact(ReadOnlyMemory<byte> body, bool truncated, CustomHeaders headers)
    {
        if (headers.Credentials.Count == 0 || body.IsEmpty)
            return body;
        // Every byte is a character of its own, and none is changed but those of values.
        var text = Encoding.Latin1.GetString(body.Span);
        var redacted = Redact(text, headers);
        if (truncated)
            redacted = RedactEnd(redacted, headers);
        return ReferenceEquals(text, redacted) ? body : Encoding.Latin1.GetBytes(redacted);
    }

    /// <summary>A header of the answer as it may be kept.</summary>
    public static string Redact(string text, CustomHeaders headers)
    {
        foreach (var credential in headers.Credentials)
            text = text.Replace(credential, CustomHeaders.Redacted, StringComparison.Ordinal);
        return text;
    }

    private static string RedactEnd(string text, CustomHeaders headers)
    {
        foreach (var credential in headers.Credentials)
        {
            for (var length = Math.Min(credential.Length - 1, text.Length); length >= CustomHeaders.LeastCredential; length--)
            {
                if (text.AsSpan().EndsWith(credential.AsSpan(0, length), StringComparison.Ordinal))
                    return string.Concat(text.AsSpan(0, text.Length - length), CustomHeaders.Redacted);
            }
        }

        return text;
    }
}
