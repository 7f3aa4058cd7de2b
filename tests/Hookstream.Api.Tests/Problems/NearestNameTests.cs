using Hookstream.Api.Problems;

namespace Hookstream.Api.Tests.Problems;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("typ", "type")]
    [InlineData("Type", "type")]
    [InlineData("paylod", "payload")]
    [InlineData("idempotencyKey", "idempotency_key")]
    [InlineData("", "type")]
    public void Name_at_the_least_edit_distance_is_found(string name, string nearest) =>
        NearestName.Find(name, ["type", "payload", "idempotency_key", "priority"]).ShouldBe(nearest);

    [Fact]
    public void Nothing_is_near_when_nothing_is_known() => NearestName.Find("a", []).ShouldBeNull();
}
