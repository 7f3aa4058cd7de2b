using CsCheck;
using Hookstream.Core.Ids;

namespace Hookstream.Core.Tests.Ids;

/// <summary>The vectors are those of the TypeID specification, spec/valid.json and spec/invalid.json.</summary>
public sealed class TypeIdTests
{
    [Theory]
    [InlineData("prefix", "00000000000000000000000000", "00000000-0000-0000-0000-000000000000")]
    [InlineData("prefix", "00000000000000000000000001", "00000000-0000-0000-0000-000000000001")]
    [InlineData("prefix", "0000000000000000000000000a", "00000000-0000-0000-0000-00000000000a")]
    [InlineData("prefix", "0000000000000000000000000g", "00000000-0000-0000-0000-000000000010")]
    [InlineData("prefix", "00000000000000000000000010", "00000000-0000-0000-0000-000000000020")]
    [InlineData("prefix", "7zzzzzzzzzzzzzzzzzzzzzzzzz", "ffffffff-ffff-ffff-ffff-ffffffffffff")]
    [InlineData("prefix", "0123456789abcdefghjkmnpqrs", "0110c853-1d09-52d8-d73e-1194e95b5f19")]
    [InlineData("prefix", "01h455vb4pex5vsknk084sn02q", "01890a5d-ac96-774b-bcce-b302099a8057")]
    [InlineData("pre_fix", "00000000000000000000000000", "00000000-0000-0000-0000-000000000000")]
    public void TypeId_of_the_specification_is_written_and_read(string prefix, string suffix, string uuid)
    {
        var text = $"{prefix}_{suffix}";

        TypeId.Format(prefix, Guid.Parse(uuid)).ShouldBe(text);
        TypeId.TryParse(prefix, text, out var value).ShouldBeTrue();
        value.ShouldBe(Guid.Parse(uuid));
    }

    [Theory]
    [InlineData("PREFIX_00000000000000000000000000")]
    [InlineData("12345_00000000000000000000000000")]
    [InlineData("pre.fix_00000000000000000000000000")]
    [InlineData("préfix_00000000000000000000000000")]
    [InlineData("  prefix_00000000000000000000000000")]
    [InlineData("_00000000000000000000000000")]
    [InlineData("_")]
    [InlineData("")]
    [InlineData("prefix")]
    [InlineData("prefix_")]
    [InlineData("prefix_1234567890123456789012345")]
    [InlineData("prefix_123456789012345678901234567")]
    [InlineData("prefix_1234567890123456789012345 ")]
    [InlineData("prefix_0123456789ABCDEFGHJKMNPQRS")]
    [InlineData("prefix_123456789-123456789-123456")]
    [InlineData("prefix_ooooooiiiiiiuuuuuuulllllll")]
    [InlineData("prefix_i23456789ol23456789oi23456")]
    [InlineData("prefix_123456789-0123456789-0123456")]
    [InlineData("prefix_8zzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("_prefix_00000000000000000000000000")]
    [InlineData("prefix__00000000000000000000000000")]
    [InlineData("prefix_0000000000000000000000000é")]
    [InlineData("other_00000000000000000000000000")]
    public void TypeId_that_is_not_well_formed_is_refused(string text) =>
        TypeId.TryParse("prefix", text, out _).ShouldBeFalse();

    [Fact]
    public void TypeId_read_back_is_what_was_written() =>
        Gen.Guid.Sample(value => TypeId.TryParse("evt", TypeId.Format("evt", value), out var back) && back == value);

    [Fact]
    public void TypeId_sorts_as_its_bytes_do() =>
        Gen.Select(Gen.Guid, Gen.Guid).Sample((a, b) =>
            Math.Sign(string.CompareOrdinal(TypeId.Format("evt", a), TypeId.Format("evt", b)))
            == Math.Sign(a.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(b.ToByteArray(bigEndian: true))));

    [Fact]
    public void Ids_of_each_kind_read_only_their_own_prefix()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        (string Prefix, string Text)[] ids =
        [
            ("evt", EventId.New(now).ToString()),
            ("sub", SubscriberId.New(now).ToString()),
            ("dlv", DeliveryId.New(now).ToString()),
            ("att", AttemptId.New(now).ToString()),
            ("ten", TenantId.New(now).ToString()),
            ("key", ApiKeyId.New(now).ToString()),
        ];

        foreach (var (prefix, text) in ids)
        {
            text.ShouldStartWith(prefix + "_");
            EventId.TryParse(text, out _).ShouldBe(prefix == "evt");
            SubscriberId.TryParse(text, out _).ShouldBe(prefix == "sub");
            DeliveryId.TryParse(text, out _).ShouldBe(prefix == "dlv");
            AttemptId.TryParse(text, out _).ShouldBe(prefix == "att");
            TenantId.TryParse(text, out _).ShouldBe(prefix == "ten");
            ApiKeyId.TryParse(text, out _).ShouldBe(prefix == "key");
        }
    }

    [Fact]
    public void Ids_sort_by_the_time_they_were_made()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var ids = Enumerable.Range(0, 100).Select(i => EventId.New(start.AddMilliseconds(i)).ToString()).ToList();

        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
    }
}
