namespace Hookstream.Delivery.Sending;

/// <summary>
/// The endpoint is not one that this deployment delivers to. Thrown through the transport, which makes connections on its own
/// account. What it says reaches the endpoint's owner, so it does not tell what a name was resolved to.
/// </summary>
internal sealed class BlockedAddressException(DestinationFault fault) : Exception(fault switch
{
    DestinationFault.NotHttps => "this deployment delivers to https only (HOOKSTREAM_HTTPS_ONLY)",
    DestinationFault.Port => "this deployment does not deliver to the URL's port (HOOKSTREAM_ALLOWED_PORTS)",
    _ => "the URL's host is, or resolves to, an address that this deployment does not deliver to (HOOKSTREAM_ALLOWED_NETWORKS)",
});
