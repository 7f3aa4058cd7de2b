namespace Hookstream.Queue.Redis.Queueing;

/// <summary>Where deliveries that are entered come from.</summary>
internal enum ReadFrom
{
    /// <summary>They were committed just now.</summary>
    Nothing,

    /// <summary>A lane was read, to hold more of it.</summary>
    Lane,

    /// <summary>A pass over the store has seen them.</summary>
    Store,
}
