namespace Hookstream.Core.Deliveries;

/// <summary>What came of one HTTP request. The values are stored.</summary>
public enum AttemptOutcome
{
    /// <summary>Answered with 2xx.</summary>
    Delivered = 0,

    /// <summary>Answered with another status, redirects included.</summary>
    HttpStatus = 1,

    /// <summary>Not answered whole within the deadline.</summary>
    Timeout = 2,

    /// <summary>Nothing listens there.</summary>
    ConnectionRefused = 3,

    /// <summary>The connection was closed or reset before the answer was whole.</summary>
    ConnectionReset = 4,

    /// <summary>The name could not be resolved.</summary>
    DnsFailure = 5,

    /// <summary>TLS could not be agreed on, or the certificate was not accepted.</summary>
    TlsFailure = 6,

    /// <summary>The address is not one that deliveries may reach.</summary>
    BlockedAddress = 7,

    /// <summary>What came back was not HTTP, or beyond a limit.</summary>
    InvalidResponse = 8,

    /// <summary>Cut off by a shutdown; does not count as a failure.</summary>
    Interrupted = 9,
}
