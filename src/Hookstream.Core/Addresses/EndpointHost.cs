using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace Hookstream.Core.Addresses;

/// <summary>
/// The host of a URL, read as the most obliging resolver would: any spelling of an IPv4 address that <c>inet_aton</c> knows, and
/// characters that only look like the plain ones, as IDNA maps them.
/// </summary>
public readonly record struct EndpointHost
{
    private const int MaxParts = 4;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private EndpointHost(IPAddress? address, bool isLoopbackName, bool isMalformed)
    {
        Address = address;
        IsLoopbackName = isLoopbackName;
        IsMalformed = isMalformed;
    }

    /// <summary>The address that the host is a spelling of; null: it is a name.</summary>
    public IPAddress? Address { get; }

    /// <summary>True for <c>localhost</c> and whatever ends in it (RFC 6761, section 6.3).</summary>
    public bool IsLoopbackName { get; }

    /// <summary>
    /// True when it is neither an address nor a name: it has a zone, or ends in a number and is no IPv4 address (the rule of the
    /// WHATWG's URL standard), which resolvers read each in their own way.
    /// </summary>
    public bool IsMalformed { get; }

    /// <summary>The host of a URL.</summary>
    // Its host as it was written where that is a name: the form for the wire hides the look-alikes in Punycode. Of an IPv6
    // address that would lack the zone.
    public static EndpointHost Of(Uri url) => Read(url.HostNameType == UriHostNameType.IPv6 ? url.IdnHost : url.Host);

    /// <summary>Reads a host, with or without the brackets of IPv6.</summary>
    public static EndpointHost Read(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return IPAddress.TryParse(text, out var address) && !text.Contains('%', StringComparison.Ordinal)
                ? new EndpointHost(address, false, false)
                : new EndpointHost(null, false, true);
        }

        var plain = Fold(text);
        if (plain.EndsWith('.'))
            plain = plain[..^1];
        var parts = plain.Split('.');
        if (parts[^1].Length == 0)
            return new EndpointHost(null, false, true);
        if (!IsNumber(parts[^1]))
            return new EndpointHost(null, parts[^1] == "localhost", false);
        return ReadNumbers(parts) is { } number ? new EndpointHost(number, false, false) : new EndpointHost(null, false, true);
    }

    private static string Fold(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Fold(rune) is { } character)
                folded.Append(character);
        }

        return folded.ToString().ToLowerInvariant();
    }

    // What the compatibility mappings of Unicode do to the characters that matter here. The runtime's own are not there when
    // it runs without cultures.
    private static char? Fold(Rune rune) => rune.Value switch
    {
        < 0x80 => (char)rune.Value,
        0x3002 or 0xFF0E or 0xFF61 => '.',
        >= 0xFF01 and <= 0xFF5E => (char)(rune.Value - 0xFEE0),
        >= 0x24B6 and <= 0x24CF => (char)(rune.Value - 0x24B6 + 'a'),
        >= 0x24D0 and <= 0x24E9 => (char)(rune.Value - 0x24D0 + 'a'),
        // The mathematical alphabets: 13 of 26 capitals and 26 small letters each.
        >= 0x1D400 and <= 0x1D6A3 => (char)('a' + ((rune.Value - 0x1D400) % 26)),
        // Soft hyphens, joiners, variation selectors: IDNA drops them.
        0xAD or 0x34F or (>= 0x200B and <= 0x200D) or 0x2060 or 0xFEFF or (>= 0xFE00 and <= 0xFE0F) => null,
        _ => CharUnicodeInfo.GetDigitValue(rune.ToString(), 0) is var digit and >= 0 ? (char)('0' + digit) : '\uFFFD',
    };

    private static bool IsNumber(string part) =>
        !part.AsSpan().ContainsAnyExceptInRange('0', '9')
        || (part.StartsWith("0x", StringComparison.Ordinal) && part.AsSpan(2).IndexOfAnyExcept(HexDigits) < 0);

    private static IPAddress? ReadNumbers(string[] parts)
    {
        if (parts.Length > MaxParts)
            return null;
        var address = 0L;
        for (var index = 0; index < parts.Length; index++)
        {
            // The last number fills all bytes that are left.
            var bytes = index == parts.Length - 1 ? MaxParts - index : 1;
            if (ReadNumber(parts[index]) is not { } number || number >= 1L << (8 * bytes))
                return null;
            address = (address << (8 * bytes)) | number;
        }

        return new IPAddress([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]);
    }

    private static long? ReadNumber(string text)
    {
        if (text.Length == 0)
            return null;
        var (digits, radix) = text switch
        {
            ['0', 'x', .. var hex] => (hex, 16),
            ['0', .. var octal] => (octal, 8),
            _ => (text, 10),
        };
        var number = 0L;
        foreach (var character in digits)
        {
            var digit = char.IsAsciiDigit(character) ? character - '0' : character - 'a' + 10;
            if (digit < 0 || digit >= radix)
                return null;
            number = (number * radix) + digit;
            if (number > uint.MaxValue)
                return null;
        }

        return number;
    }
}
