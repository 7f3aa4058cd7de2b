namespace Hookstream.Queue.Redis.Queueing;

/// <summary>A lane as the scripts name it: tenant, subscriber and class.</summary>
internal readonly record struct LaneName(byte[] Bytes)
{
    public SubscriberId Subscriber => new(new Guid(Bytes.AsSpan(16, 16), bigEndian: true));

    public int Class => Bytes[32];
}
