using Hookstream.Api.Json;

namespace Hookstream.Api.Tests.Json;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z")]
    [InlineData("2026-01-01t00:00:00z", "2026-01-01T00:00:00.000Z")]
    [InlineData("2026-01-01T00:00:00.1239999Z", "2026-01-01T00:00:00.123Z")]
    [InlineData("2026-01-01T00:00:00.123456789012Z", "2026-01-01T00:00:00.123Z")]
    [InlineData("2026-01-01T01:30:00+02:00", "2025-12-31T23:30:00.000Z")]
    [InlineData("2024-02-29T23:59:59.9-00:30", "2024-03-01T00:29:59.900Z")]
    public void Time_is_read_in_any_offset_and_written_in_UTC(string text, string written)
    {
        Rfc3339.TryParse(text, out var time).ShouldBeTrue();

        Rfc3339.Format(time).ShouldBe(written);
        time.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-01")]
    [InlineData("2026-01-01T00:00:00")]
    [InlineData("2026-01-01 00:00:00Z")]
    [InlineData("2026-01-01T00:00Z")]
    [InlineData("2026-01-01T00:00:00.Z")]
    [InlineData("2026-01-01T00:00:00+0200")]
    [InlineData("2026-01-01T00:00:00 02:00")]
    [InlineData("2026-02-30T00:00:00Z")]
    [InlineData("2026-01-01T24:00:00Z")]
    [InlineData("2026-01-01T00:00:00+25:00")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("2026-01-01T00:00:00Zx")]
    [InlineData("2026-01-01T00:00:00.00000000000000000000000000000000000000000000000000000Z")]
    public void Anything_else_is_refused(string text) => Rfc3339.TryParse(text, out _).ShouldBeFalse();
}
