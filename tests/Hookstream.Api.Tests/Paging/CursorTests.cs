using Hookstream.Api.Paging;

namespace Hookstream.Api.Tests.Paging;

public sealed class CursorTests
{
    [Fact]
    public void Cursor_is_read_as_it_was_written()
    {
        var id = Guid.CreateVersion7(ApiServer.Now);

        Cursor.TryParse(Cursor.Format(id), out var read).ShouldBeTrue();

        read.ShouldBe(id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA+/")]
    [InlineData("AAAAAAAAAAAAAAAAAA  AA")]
    [InlineData("évt_AAAAAAAAAAAAAAAAAA")]
    public void Malformed_cursor_is_refused(string text) => Cursor.TryParse(text, out _).ShouldBeFalse();
}
