namespace Hookstream.Core.Deliveries;

/// <summary>How the API, the metrics and the logs write an <see cref="AttemptOutcome"/>.</summary>
public static class AttemptOutcomeCodes
{
    /// <summary>The code, such as <c>http_status</c>.</summary>
    public static string ToCode(this AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Delivered => "delivered",
        AttemptOutcome.HttpStatus => "http_status",
        AttemptOutcome.Timeout => "timeout",
        AttemptOutcome.ConnectionRefused => "connection_refused",
        AttemptOutcome.ConnectionReset => "connection_reset",
        AttemptOutcome.DnsFailure => "dns_failure",
        AttemptOutcome.TlsFailure => "tls_failure",
        AttemptOutcome.BlockedAddress => "blocked_address",
        AttemptOutcome.InvalidResponse => "invalid_response",
        AttemptOutcome.Interrupted => "interrupted",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };
}
