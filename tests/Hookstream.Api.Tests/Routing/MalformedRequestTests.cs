using Microsoft.Extensions.Logging;

namespace Hookstream.Api.Tests.Routing;

/// <summary>Requests that break HTTP itself.</summary>
public sealed class MalformedRequestTests(ApiServer server) : IClassFixture<ApiServer>
{
    public static TheoryData<string, int> Rejected() => new()
    {
        { "GET /api/v1/ev%00ents HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GARBAGE\r\n\r\n", 400 },
        { "GET /health HTTP/1.1\r\n\r\n", 400 },
        { "GET /health HTTP/1.1\r\nHost: a b\r\n\r\n", 400 },
        { "GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400 },
        { "GET /health HTTP/1.1\r\nHost: a\r\nX-Nul: \0\r\n\r\n", 400 },
        { "POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n", 400 },
        { $"GET /health HTTP/1.1\r\nHost: a\r\nX-Long: {new string('a', 40_000)}\r\n\r\n", 431 },
        { $"GET /{new string('a', 10_000)} HTTP/1.1\r\nHost: a\r\n\r\n", 414 },
        { "GET /health HTTP/3.7\r\nHost: a\r\n\r\n", 505 },
    };

    [Theory]
    [MemberData(nameof(Rejected))]
    public async Task What_is_no_request_gets_a_bare_status_of_the_server(string request, int status)
    {
        var answer = await RawConnection.SendAsync(server.Address, request);

        answer.Status.ShouldBe(status);
        // The server lets nobody say more. Where this fails one day, it does: then there is a problem to be added here.
        answer.Body.ShouldBeEmpty();
        answer.Headers.ShouldNotContainKey("X-Request-Id");
        answer.Headers["Connection"].ShouldBe("close");
        ShouldHaveLoggedNothingBad();
    }

    [Theory]
    [InlineData("/api/v1/events", "zz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("/api/v1/events/batch", "2\r\n{}xx2\r\n{}\r\n")]
    [InlineData("/api/v1/subscribers", "fffffffffffffffffff\r\n{}")]
    public async Task Bad_chunk_of_a_body_is_a_problem_and_ends_the_connection(string path, string chunks)
    {
        var answer = await RawConnection.SendAsync(
            server.Address,
            $"POST {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {server.Key}\r\nX-Request-Id: mine\r\n"
            + $"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");

        answer.Status.ShouldBe(400);
        answer.Headers["Content-Type"].ShouldBe("application/problem+json");
        answer.Headers["X-Request-Id"].ShouldBe("mine");
        answer.Headers["Connection"].ShouldBe("close");
        answer.Body.ShouldContain("\"code\":\"validation_failed\"");
        ShouldHaveLoggedNothingBad();
    }

    [Theory]
    [InlineData("OPTIONS /api/v1/events", 405)]
    [InlineData("TRACE /api/v1/events", 405)]
    [InlineData("BREW /api/v1/events", 405)]
    [InlineData("OPTIONS *", 404)]
    [InlineData("GET /api/v1/%zz", 404)]
    [InlineData("GET /api/v1/events/%ff%fe", 404)]
    [InlineData("GET /api/v1/events/", 200)]
    [InlineData("GET http://a/api/v1/events", 200)]
    public async Task Odd_request_is_answered_in_full(string line, int status)
    {
        var answer = await RawConnection.SendAsync(
            server.Address,
            $"{line} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {server.Key}\r\nConnection: close\r\n\r\n");

        answer.Status.ShouldBe(status);
        answer.Headers["X-Request-Id"].ShouldNotBeEmpty();
        answer.Headers["Content-Type"].ShouldBe(status == 200 ? "application/json" : "application/problem+json");
        if (status == 405)
            answer.Headers["Allow"].ShouldBe("GET, HEAD, POST");
    }

    private void ShouldHaveLoggedNothingBad() =>
        server.Logs.Entries.Where(entry => entry.Level >= LogLevel.Warning).ShouldBeEmpty();
}
