using Hookstream.Server.Hosting;

namespace Hookstream.Server.Tests.Hosting;

public sealed class StartBannerTests
{
    [Theory]
    [InlineData(null, "http://127.0.0.1:3000")]
    [InlineData("localhost", "http://127.0.0.1:3000")]
    [InlineData("0.0.0.0", "http://127.0.0.1:3000")]
    [InlineData("::", "http://127.0.0.1:3000")]
    [InlineData("192.0.2.7", "http://192.0.2.7:3000")]
    [InlineData("::1", "http://[::1]:3000")]
    public void Banner_names_an_address_that_answers(string? host, string address)
    {
        var text = StartBanner.Text(host, 3000, "hk_token");

        text.ShouldContain($"ready on {address}\n");
        text.ShouldContain($"curl {address}/api/v1/events");
    }

    [Fact]
    public void Banner_without_a_key_says_how_to_make_one()
    {
        var text = StartBanner.Text(null, 3000, null);

        text.ShouldContain("tenants create");
        text.ShouldContain("keys create");
        text.ShouldNotContain("Authorization");
    }
}
