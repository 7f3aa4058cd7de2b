using StackExchange.Redis;

namespace Hookstream.Queue.Redis.Tests.Connection;

public sealed class RedisUrlTests
{
    [Theory]
    [InlineData("redis://localhost", "localhost:6379", null, null, null, false)]
    [InlineData("redis://10.0.0.1:7000/3", "10.0.0.1:7000", null, null, 3, false)]
    [InlineData("rediss://app:p%40ss%3Aw@cache.example:6380/0", "cache.example:6380", "app", "p@ss:w", 0, true)]
    [InlineData("redis://:secret@cache", "cache:6379", null, "secret", null, false)]
    [InlineData("REDIS://a:1,b:2,c/", "a:1,b:2,c:6379", null, null, null, false)]
    [InlineData("redis://[::1]:7000", "[::1]:7000", null, null, null, false)]
    [InlineData("redis://[::1]", "[::1]:6379", null, null, null, false)]
    public void Url_says_where_redis_is(
        string text, string hosts, string? user, string? password, int? database, bool tls)
    {
        RedisUrl.TryParse(text, out var server).ShouldBeTrue();

        string.Join(',', server.EndPoints.Select(EndPointCollection.ToString)).ShouldBe(hosts);
        server.User.ShouldBe(user);
        server.Password.ShouldBe(password);
        server.DefaultDatabase.ShouldBe(database);
        server.Ssl.ShouldBe(tls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost:6379")]
    [InlineData("http://localhost")]
    [InlineData("redis://")]
    [InlineData("redis:///0")]
    [InlineData("redis://host:0")]
    [InlineData("redis://host:65536")]
    [InlineData("redis://host:port")]
    [InlineData("redis://host/name")]
    [InlineData("redis://host/-1")]
    [InlineData("redis://a,,b")]
    [InlineData("redis://ho st")]
    [InlineData("redis://host?ssl=true")]
    public void Text_that_is_no_url_is_refused(string text) => RedisUrl.TryParse(text, out _).ShouldBeFalse();
}
