using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Protection;

/// <summary>A body that never comes to its end, on a raw socket.</summary>
public sealed class SlowBodyTests(SharedServer shared)
{
    // What the program allows is five seconds; the rest is for a machine that stands still.
    private static readonly TimeSpan BodyDeadline = TimeSpan.FromSeconds(5 + 20);

    [Fact]
    public async Task Body_that_comes_a_byte_at_a_time_is_refused_and_the_connection_closed()
    {
        var tenant = await shared.NewTenantAsync();
        using var client = await RawClient.ConnectAsync(shared.Server.Address);
        using var over = new CancellationTokenSource();
        await client.SendAsync(
            $"POST /api/v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {tenant.Key}\r\n"
            + "Content-Type: application/json\r\nContent-Length: 200000\r\n\r\n{\"type\":\"");

        var trickling = client.TrickleAsync(TimeSpan.FromMilliseconds(300), over.Token);
        var answer = await client.ReadToEndAsync(BodyDeadline);
        await over.CancelAsync();
        await trickling;

        answer.ShouldStartWith("HTTP/1.1 408 ");
        answer.ShouldContain("application/problem+json");
        answer.ShouldContain("\"code\":\"validation_failed\"");
        (await tenant.ListAsync("/api/v1/events")).ShouldBeEmpty();
    }
}
