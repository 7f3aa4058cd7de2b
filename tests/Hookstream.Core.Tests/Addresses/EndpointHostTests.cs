using System.Buffers.Binary;
using System.Net;
using CsCheck;
using Hookstream.Core.Addresses;

namespace Hookstream.Core.Tests.Addresses;

public sealed class EndpointHostTests
{
    // Each number in a radix, with zeros in front, in either case, in full width or not.
    private static readonly Gen<(int Radix, int Zeros, bool Upper, bool Wide)> Style =
        Gen.Select(Gen.Int[0, 2].Select(index => new[] { 8, 10, 16 }[index]), Gen.Int[0, 3], Gen.Bool, Gen.Bool);

    private static readonly Gen<char> Dot = Gen.Int[0, 3].Select(index => ".。．｡"[index]);

    [Fact]
    public void Every_spelling_of_an_address_is_read_as_that_address() =>
        Gen.Select(Gen.UInt, Gen.Int[1, 4], Style.Array[4], Dot, Gen.Bool).Sample((address, count, styles, dot, dotAtEnd) =>
        {
            var texts = new string[count];
            for (var index = 0; index < count; index++)
            {
                var number = index == count - 1
                    ? address & (uint)(0xFFFFFFFFUL >> (8 * index))
                    : (address >> (24 - (8 * index))) & 0xFF;
                texts[index] = Spell(number, styles[index]);
            }

            var host = string.Join(dot, texts) + (dotAtEnd ? dot : "");
            var bytes = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
            EndpointHost.Read(host).Address.ShouldBe(new IPAddress(bytes), host);
        });

    [Theory]
    [InlineData("①②⑦.⓪.0.1", "127.0.0.1")]
    [InlineData("¹²⁷.₀.0.1", "127.0.0.1")]
    [InlineData("𝟏𝟐𝟕.𝟘.𝟬.𝟷", "127.0.0.1")]
    [InlineData("١٢٧.٠.٠.١", "127.0.0.1")]
    [InlineData("127.\u00AD0\u200B.0\uFE0F.1\u2060", "127.0.0.1")]
    [InlineData("０ｘ７Ｆ０００００１", "127.0.0.1")]
    [InlineData("0x", "0.0.0.0")]
    [InlineData("[::1]", "::1")]
    [InlineData("::ffff:127.0.0.1", "::ffff:127.0.0.1")]
    public void Look_alikes_are_read_as_what_they_look_like(string host, string address) =>
        EndpointHost.Read(host).Address.ShouldBe(IPAddress.Parse(address));

    [Theory]
    [InlineData("256.0.0.1")]
    [InlineData("127.0.0.256")]
    [InlineData("127.0.0.08")]
    [InlineData("1.2.3.4.5")]
    [InlineData("4294967296")]
    [InlineData("99999999999999999999")]
    [InlineData("0x1ffffffff")]
    [InlineData("127..1")]
    [InlineData("example.1")]
    [InlineData("example.0x7f")]
    [InlineData("example..")]
    [InlineData(".")]
    [InlineData("fe80::1%eth0")]
    [InlineData("fe80::1%25eth0")]
    [InlineData("::1%lo")]
    [InlineData("1::2::3")]
    public void What_resolvers_read_each_in_their_own_way_is_malformed(string text)
    {
        var host = EndpointHost.Read(text);
        host.IsMalformed.ShouldBeTrue();
        new AddressGuard(AddressRange.Parse("0.0.0.0/0"), AddressRange.Parse("::/0")).Allows(host).ShouldBeFalse();
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost")]
    [InlineData("localhost.")]
    [InlineData("a.b.localhost")]
    [InlineData("ｌｏｃａｌｈｏｓｔ")]
    [InlineData("ⓛocalhoⓢt")]
    [InlineData("𝓵𝓸𝓬𝓪𝓵𝓱𝓸𝓼𝓽")]
    [InlineData("local\u00ADhost")]
    [InlineData("a。localhost")]
    public void Localhost_always_means_loopback(string text)
    {
        var host = EndpointHost.Read(text);
        host.IsLoopbackName.ShouldBeTrue();
        AddressGuard.PublicOnly.Allows(host).ShouldBeFalse();
        AddressGuard.WithLoopback.Allows(host).ShouldBeTrue();
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("example.com.")]
    [InlineData("bücher.example")]
    [InlineData("xn--bcher-kva.example")]
    [InlineData("a_b.example")]
    [InlineData("127.0.0.1.example.com")]
    [InlineData("0x7f.example")]
    [InlineData("localhost.example")]
    [InlineData("notlocalhost")]
    [InlineData("1.2.3.4a")]
    [InlineData("0xg")]
    [InlineData("例え.テスト")]
    public void Name_is_a_name(string text)
    {
        var host = EndpointHost.Read(text);
        host.ShouldBe(default);
        AddressGuard.PublicOnly.Allows(host).ShouldBeTrue();
    }

    private static string Spell(uint number, (int Radix, int Zeros, bool Upper, bool Wide) style)
    {
        // A zero in front of a decimal number makes it an octal one.
        var zeros = new string('0', style.Radix == 10 ? 0 : style.Zeros);
        var text = style.Radix switch
        {
            8 => "0" + zeros + Convert.ToString(number, 8),
            16 => "0x" + zeros + number.ToString("x", null),
            _ => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        if (style.Upper)
            text = text.ToUpperInvariant();
        return style.Wide ? string.Concat(text.Select(character => (char)(character + 0xFEE0))) : text;
    }
}
