using Hookstream.Storage.Postgres.Tenants;
using Microsoft.Extensions.Time.Testing;

namespace Hookstream.Storage.Postgres.Tests.Tenants;

public sealed class UnknownKeysTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Flood_of_keys_is_bounded_by_the_second()
    {
        var unknown = new UnknownKeys(_time);

        AskFor(unknown, 500).ShouldBe(50);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        AskFor(unknown, 500).ShouldBe(0);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        AskFor(unknown, 500).ShouldBe(50);
    }

    [Fact]
    public void Same_key_is_asked_for_once_a_second()
    {
        var unknown = new UnknownKeys(_time);
        var hash = KeyHash.Of("a key");

        unknown.MayAsk(hash).ShouldBeTrue();
        unknown.MayAsk(hash).ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));
        unknown.MayAsk(hash).ShouldBeTrue();
    }

    private static int AskFor(UnknownKeys unknown, int keys) =>
        Enumerable.Range(0, keys).Count(i => unknown.MayAsk(KeyHash.Of($"garbage {i}")));
}
