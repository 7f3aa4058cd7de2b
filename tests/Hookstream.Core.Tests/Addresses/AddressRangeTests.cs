using System.Net;
using Hookstream.Core.Addresses;

namespace Hookstream.Core.Tests.Addresses;

public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0", "10.255.255.255", "11.0.0.0")]
    [InlineData("10.1.2.3/32", "10.1.2.3", "10.1.2.3", "10.1.2.2")]
    [InlineData("0.0.0.0/0", "0.0.0.0", "255.255.255.255", "::1")]
    [InlineData("::/0", "::", "::ffff:10.0.0.1", "10.0.0.1")]
    [InlineData("fd00:1::/64", "fd00:1::", "fd00:1::ffff:ffff:ffff:ffff", "fd00:1:0:1::")]
    [InlineData("::1/128", "::1", "::1", "127.0.0.1")]
    public void Range_has_its_first_and_last_address_and_no_other(string text, string first, string last, string outside)
    {
        var range = AddressRange.Parse(text);
        range.Contains(IPAddress.Parse(first)).ShouldBeTrue();
        range.Contains(IPAddress.Parse(last)).ShouldBeTrue();
        range.Contains(IPAddress.Parse(outside)).ShouldBeFalse();
        range.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("2000::/3", "::ffff:8.8.8.8")]
    [InlineData("127.0.0.0/8", "::ffff:127.0.0.1")]
    [InlineData("0.0.0.0/0", "::ffff:127.0.0.1")]
    public void Mapped_address_is_an_IPv6_address_like_any_other(string range, string address) =>
        AddressRange.Parse(range).Contains(IPAddress.Parse(address)).ShouldBeFalse();

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.0")]
    [InlineData("10/8")]
    [InlineData("010.0.0.0/8")]
    [InlineData("0x0a.0.0.0/8")]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/ 8")]
    [InlineData("10.0.0.0/255.0.0.0")]
    [InlineData("10.0.0.0/")]
    [InlineData("/8")]
    [InlineData("fd00::1/8")]
    [InlineData("fd00::/129")]
    [InlineData("fe80::%eth0/10")]
    [InlineData("localhost/8")]
    public void Other_spellings_are_refused(string text) => AddressRange.TryParse(text, out _).ShouldBeFalse();
}
