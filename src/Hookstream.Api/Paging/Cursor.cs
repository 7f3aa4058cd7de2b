using System.Buffers.Text;

namespace Hookstream.Api.Paging;

/// <summary>The id of the last item seen, in base64url: opaque to users, so that what it holds may change.</summary>
internal static class Cursor
{
    private const int ByteLength = 16;
    private const int TextLength = 22;

    public static string Format(Guid last)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        last.TryWriteBytes(bytes, bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryParse(string text, out Guid last)
    {
        last = default;
        Span<byte> bytes = stackalloc byte[ByteLength];
        if (text.Length != TextLength
            || !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, bytes, out var written)
            || written != ByteLength)
            return false;
        last = new Guid(bytes, bigEndian: true);
        return true;
    }
}
