namespace Hookstream.Core.Tests.Subscribers;

public sealed class CustomHeadersTests
{
    [Theory]
    [InlineData("Authorization")]
    [InlineData("Cookie")]
    [InlineData("X-Api-Key")]
    [InlineData("x_api~key!#$%&'*+.^`|1")]
    [InlineData("webhook")]
    [InlineData("Hookstream-Id")]
    [InlineData("Expires")]
    public void Name_of_a_token_may_be_used(string name) => CustomHeaders.FaultOfName(name).ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("X Api")]
    [InlineData("X-Api:")]
    [InlineData("X-Api\r\nX-Other")]
    [InlineData("X-Api\0")]
    [InlineData("X-(Api)")]
    [InlineData("X-Äpi")]
    [InlineData("\u212Aey")]
    public void Name_that_is_no_token_is_refused(string name) =>
        CustomHeaders.FaultOfName(name).ShouldNotBeNull().ShouldContain("not a header name");

    [Theory]
    [InlineData("Host")]
    [InlineData("hOST")]
    [InlineData("Content-Length")]
    [InlineData("Content-Type")]
    [InlineData("content-encoding")]
    [InlineData("User-Agent")]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("Transfer-Encoding")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("Upgrade")]
    [InlineData("Expect")]
    [InlineData("HTTP2-Settings")]
    [InlineData("Proxy-Authorization")]
    [InlineData("proxy-connection")]
    [InlineData("webhook-id")]
    [InlineData("Webhook-Signature")]
    [InlineData("WEBHOOK-anything")]
    [InlineData("X-Hookstream-Signature")]
    [InlineData("x-hookstream-anything")]
    [InlineData("traceparent")]
    public void Name_that_the_request_or_the_connection_needs_is_refused(string name) =>
        CustomHeaders.FaultOfName(name).ShouldNotBeNull().ShouldContain("sets itself");

    [Theory]
    [InlineData("Bearer abc.def-ghi")]
    [InlineData("Basic dXNlcjpwYXNz==")]
    [InlineData("a\tb")]
    [InlineData("~ !\"'{}\\")]
    [InlineData("*******")]
    public void Value_of_visible_ascii_may_be_used(string value) => CustomHeaders.FaultOfValue(value).ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" a")]
    [InlineData("a\t")]
    [InlineData("a\r\nX-Other: b")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0")]
    [InlineData("a\u001b[31m")]
    [InlineData("a\u007f")]
    [InlineData("é")]
    [InlineData("a\u0100")]
    [InlineData("a\u2028b")]
    [InlineData(CustomHeaders.Redacted)]
    public void Value_that_could_be_read_otherwise_is_refused(string value) =>
        CustomHeaders.FaultOfValue(value).ShouldNotBeNull();

    [Fact]
    public void Merge_sets_replaces_and_removes_whatever_the_case_of_names()
    {
        var headers = Of(("X-A", "1"), ("X-B", "2"), ("X-C", "3"));

        var merged = headers.Merge([new("x-b", null), new("x-a", "9"), new("X-D", "4"), new("X-E", null)]);

        merged.All.ToArray().ShouldBe([new("x-a", "9"), new("X-C", "3"), new("X-D", "4")]);
        headers.All.ToArray().ShouldBe([new("X-A", "1"), new("X-B", "2"), new("X-C", "3")], "it is immutable");
        merged.Merge([new("x-a", null), new("x-c", null), new("x-d", null)]).ShouldBeSameAs(CustomHeaders.None);
    }

    [Fact]
    public void Too_many_or_too_long_together_are_a_fault()
    {
        Many(CustomHeaders.MaxCount, 1).Fault.ShouldBeNull();
        Many(CustomHeaders.MaxCount + 1, 1).Fault.ShouldNotBeNull().ShouldContain("20");
        Of(("X-A", new string('v', CustomHeaders.MaxLength - 3))).Fault.ShouldBeNull();
        Of(("X-A", new string('v', CustomHeaders.MaxLength - 2))).Fault.ShouldNotBeNull().ShouldContain("4096");
    }

    [Fact]
    public void Text_of_headers_and_settings_does_not_reveal_values()
    {
        var settings = new SubscriberSettings
        {
            Url = new Uri("https://receiver.example/"), Events = [], Headers = Of(("Authorization", "Bearer hunter2")),
        };

        settings.ToString().ShouldContain("Authorization");
        settings.ToString().ShouldNotContain("hunter2");
    }

    private static CustomHeaders Of(params (string Name, string Value)[] headers) =>
        CustomHeaders.Of(headers.Select(header => KeyValuePair.Create(header.Name, header.Value)));

    private static CustomHeaders Many(int count, int length) =>
        Of([.. Enumerable.Range(0, count).Select(number => ($"X-{number}", new string('v', length)))]);
}
