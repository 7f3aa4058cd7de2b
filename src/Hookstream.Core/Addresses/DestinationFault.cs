namespace Hookstream.Core.Addresses;

/// <summary>Why a URL is not delivered to.</summary>
public enum DestinationFault
{
    /// <summary>It is.</summary>
    None,

    /// <summary>It is not https, and this deployment sends nothing else.</summary>
    NotHttps,

    /// <summary>Its port is none of those that this deployment sends to.</summary>
    Port,

    /// <summary>Its host is an address, or always means one, that deliveries may not reach.</summary>
    Address,
}
