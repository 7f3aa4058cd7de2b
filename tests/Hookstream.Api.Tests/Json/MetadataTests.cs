using Hookstream.Api.Json;

namespace Hookstream.Api.Tests.Json;

public sealed class MetadataTests
{
    [Theory]
    [InlineData("""{"a":1,"b":{"c":2,"d":3}}""", """{"b":{"c":null,"e":4},"f":5}""", """{"a":1,"b":{"d":3,"e":4},"f":5}""")]
    [InlineData("""{"a":{"b":1}}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{"a":[1]}""", """{"a":{"b":null,"c":1}}""", """{"a":{"c":1}}""")]
    [InlineData(null, """{"a":null,"b":"ü+"}""", """{"b":"ü+"}""")]
    [InlineData("""{"a":1}""", null, null)]
    public void Patch_is_merged_as_RFC_7396_says(string? target, string? patch, string? merged) =>
        Metadata.Merge(target, patch).ShouldBe(merged);
}
