using System.Text.Json;
using Hookstream.Core.Addresses;

namespace Hookstream.Api.Tests.Subscribers;

public sealed class HostileUrlTests(HostileUrlTests.PublicOnly deployment) : IClassFixture<HostileUrlTests.PublicOnly>
{
    private const string Path = "/api/v1/subscribers";

    public static TheoryData<string, string> Hostile => [.. HostileUrls.All];

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Hostile_url_is_refused(string url, string code)
    {
        var answer = await deployment.Server.PostAsync(Path, Body(url));
        answer.ShouldFail(400, code);
        answer.Text.ShouldContain("\"url\":[");
        if (code == "url_forbidden")
            answer.Detail.ShouldContain("HOOKSTREAM_ALLOWED_NETWORKS");
    }

    [Fact]
    public void There_are_at_least_150_of_them_and_none_twice()
    {
        HostileUrls.All.Count().ShouldBeGreaterThanOrEqualTo(150);
        HostileUrls.All.Select(hostile => hostile.Url).ShouldBeUnique();
    }

    [Fact]
    public async Task Change_of_the_url_is_judged_like_a_new_one()
    {
        var one = $"{Path}/{(await deployment.Server.PostAsync(Path, Body("https://example.com/"))).Id}";
        (await deployment.Server.SendAsync(HttpMethod.Patch, one, """{"url":"http://0x7f.1/"}""")).ShouldFail(400, "url_forbidden");
        (await deployment.Server.GetAsync(one)).Data.GetProperty("url").GetString().ShouldBe("https://example.com/");
    }

    [Theory]
    [InlineData("http://8.8.8.8/")]
    [InlineData("http://134744072/")]
    [InlineData("http://1.0.0.1:8080/")]
    [InlineData("http://172.32.0.1/")]
    [InlineData("http://100.128.0.1/")]
    [InlineData("https://[2606:4700:4700::1111]/hook?x=[::1]")]
    [InlineData("https://[2606:4700:4700::1111]:8443")]
    [InlineData("https://example.com./")]
    [InlineData("https://bücher.example/")]
    [InlineData("https://xn--bcher-kva.example/")]
    [InlineData("https://127.0.0.1.example.com/")]
    [InlineData("https://localhost.example.com/127.0.0.1")]
    [InlineData("https://a_b.example.com/")]
    public async Task Public_url_is_accepted(string url) =>
        (await deployment.Server.PostAsync(Path, Body(url))).Status.ShouldBe(201);

    [Fact]
    public async Task Opened_network_is_accepted_and_the_rest_is_not()
    {
        await using var server = new ApiServer(options => options with
        {
            Destinations = new DestinationRules { Addresses = new AddressGuard(AddressRange.Parse("10.1.0.0/16")) },
        });
        await server.InitializeAsync();
        (await server.PostAsync(Path, Body("http://10.1.255.255/"))).Status.ShouldBe(201);
        (await server.PostAsync(Path, Body("http://0xa.0x1.1/"))).Status.ShouldBe(201);
        foreach (var url in new[] { "http://10.2.0.0/", "http://127.0.0.1/", "http://localhost/", "http://[::ffff:10.1.0.1]/" })
            (await server.PostAsync(Path, Body(url))).ShouldFail(400, "url_forbidden");
    }

    private static string Body(string url) => $$"""{"url":{{JsonSerializer.Serialize(url)}},"events":["a"]}""";

    /// <summary>A deployment that opens nothing.</summary>
    public sealed class PublicOnly : IAsyncLifetime
    {
        public ApiServer Server { get; } = new(options => options with { Destinations = new DestinationRules() });

        public ValueTask InitializeAsync() => Server.InitializeAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
