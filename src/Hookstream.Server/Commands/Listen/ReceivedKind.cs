namespace Hookstream.Server.Commands.Listen;

internal enum ReceivedKind
{
    /// <summary>An event.</summary>
    Delivery,

    /// <summary>The challenge by which a server verifies an endpoint.</summary>
    Challenge,

    /// <summary>A request to a subscriber that an earlier run left behind.</summary>
    Stale,

    /// <summary>The sender closed the connection before it was answered.</summary>
    Abandoned,
}
