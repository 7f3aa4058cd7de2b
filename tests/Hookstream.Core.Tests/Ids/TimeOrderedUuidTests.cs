namespace Hookstream.Core.Tests.Ids;

public sealed class TimeOrderedUuidTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    [Fact]
    public void New_id_holds_time_version_and_variant_where_the_platform_has_them()
    {
        var theirs = Guid.CreateVersion7(Now);
        var ours = EventId.New(Now).Value;

        ours.Version.ShouldBe(theirs.Version);
        (ours.Variant >> 2).ShouldBe(theirs.Variant >> 2);
        ours.ToByteArray(bigEndian: true)[..6].ShouldBe(theirs.ToByteArray(bigEndian: true)[..6]);
    }

    [Fact]
    public void Ids_of_one_moment_differ_across_refills_and_threads()
    {
        var ids = ParallelEnumerable.Range(0, 20_000).Select(_ => EventId.New(Now)).ToArray();

        ids.Distinct().Count().ShouldBe(ids.Length);
    }

    [Fact]
    public void Random_bits_are_all_used()
    {
        var seen = new byte[16];
        foreach (var id in Enumerable.Range(0, 1_000).Select(_ => EventId.New(Now)))
        {
            var bytes = id.Value.ToByteArray(bigEndian: true);
            for (var i = 0; i < bytes.Length; i++)
                seen[i] |= bytes[i];
        }

        seen[6].ShouldBe((byte)0x7f);
        seen[8].ShouldBe((byte)0xbf);
        seen[7].ShouldBe((byte)0xff);
        seen[9..].ShouldAllBe(value => value == 0xff);
    }
}
