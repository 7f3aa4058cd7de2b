namespace Hookstream.Core.Stores;

/// <summary>The store's clock: times are kept to the millisecond, so that what is returned is what will be read back.</summary>
internal static class StoreTimes
{
    public static DateTimeOffset Now(this TimeProvider time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    public static long NowMilliseconds(this TimeProvider time) => time.GetUtcNow().ToUnixTimeMilliseconds();
}
