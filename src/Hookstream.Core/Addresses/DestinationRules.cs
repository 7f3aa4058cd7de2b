namespace Hookstream.Core.Addresses;

/// <summary>
/// Where this deployment delivers to. Asked when a URL is registered and again when a connection is made: settings change,
/// and what a name leads to is known only then.
/// </summary>
public sealed record DestinationRules
{
    /// <summary>True: https alone. Default false.</summary>
    public bool HttpsOnly { get; init; }

    /// <summary>The ports; null, the default: any.</summary>
    public IReadOnlyCollection<int>? AllowedPorts { get; init; }

    /// <summary>The addresses. Default: public ones only.</summary>
    public AddressGuard Addresses { get; init; } = AddressGuard.PublicOnly;

    /// <summary>What is wrong with a URL as it stands; a name's addresses are not looked up.</summary>
    public DestinationFault Find(Uri url)
    {
        if (HttpsOnly && url.Scheme != Uri.UriSchemeHttps)
            return DestinationFault.NotHttps;
        if (AllowedPorts is { } ports && !ports.Contains(url.Port))
            return DestinationFault.Port;
        return Addresses.Allows(EndpointHost.Of(url)) ? DestinationFault.None : DestinationFault.Address;
    }
}
