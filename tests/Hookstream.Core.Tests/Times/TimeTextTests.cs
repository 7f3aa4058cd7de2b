using System.Globalization;
using System.Text;
using Hookstream.Core.Times;

namespace Hookstream.Core.Tests.Times;

public sealed class TimeTextTests
{
    [Theory]
    [InlineData("2026-01-02T03:04:05.678+02:00", "2026-01-02T01:04:05.678Z")]
    [InlineData("2026-12-31T23:59:59.9999999Z", "2026-12-31T23:59:59.999Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.999Z")]
    public void Time_is_written_in_utc_to_the_millisecond(string time, string text)
    {
        Span<byte> written = stackalloc byte[TimeText.Room];

        TimeText.Write(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), written);

        Encoding.ASCII.GetString(written[..TimeText.Length]).ShouldBe(text);
    }

    [Fact]
    public void Time_without_room_is_refused() =>
        Should.Throw<ArgumentException>(() => TimeText.Write(DateTimeOffset.UnixEpoch, new byte[TimeText.Room - 1]));
}
