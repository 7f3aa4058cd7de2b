namespace Hookstream.Core.Subscribers;

/// <summary>What the body of a webhook looks like. The values are stored.</summary>
public enum PayloadFormat
{
    /// <summary><c>standard</c>: <c>{"id","type","timestamp","data"}</c>, the default.</summary>
    Standard = 0,

    /// <summary><c>raw</c>: the payload alone.</summary>
    Raw = 1,

    /// <summary><c>legacy</c>: <c>{"event_type","payload"}</c>.</summary>
    Legacy = 2,
}
