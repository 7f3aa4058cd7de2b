using System.Net.Sockets;
using System.Security.Authentication;

namespace Hookstream.Delivery.Sending;

/// <summary>What went wrong with a request that was not answered whole.</summary>
/// <param name="Outcome">What the attempt records.</param>
/// <param name="Message">For people.</param>
internal readonly record struct SendFailure(AttemptOutcome Outcome, string Message)
{
    private static readonly SendFailure Reset = new(
        AttemptOutcome.ConnectionReset, "the connection was closed or reset before the answer was complete");

    private static readonly SendFailure Invalid = new(
        AttemptOutcome.InvalidResponse, "what came back is not a valid HTTP response");

    private static readonly SendFailure HeadersTooLong = new(
        AttemptOutcome.InvalidResponse, "the response's headers are longer than 64 KiB");

    private static readonly SendFailure Refused = new(
        AttemptOutcome.ConnectionRefused, "nothing accepts connections at the endpoint's address and port");

    private static readonly SendFailure Unreachable = new(
        AttemptOutcome.ConnectionRefused, "the endpoint's network or host cannot be reached");

    private static readonly SendFailure ConnectTimeout = new(
        AttemptOutcome.Timeout, "no connection could be made in time");

    private static readonly SendFailure Proxy = new(
        AttemptOutcome.ConnectionRefused, "the egress proxy did not open a connection to the endpoint");

    /// <summary>Reads the cause from what the transport threw, when neither deadline nor shutdown cancelled it.</summary>
    public static SendFailure Of(Exception exception) => exception switch
    {
        BlockedAddressException blocked => Blocked(blocked),
        HttpRequestException { InnerException: BlockedAddressException blocked } => Blocked(blocked),
        HttpRequestException request => OfRequest(request),
        HttpIOException io => OfError(io.HttpRequestError) ?? OfInner(io),
        OperationCanceledException => ConnectTimeout,
        _ => OfInner(exception),
    };

    private static SendFailure Blocked(BlockedAddressException exception) =>
        new(AttemptOutcome.BlockedAddress, exception.Message);

    private static SendFailure OfRequest(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => new SendFailure(
            AttemptOutcome.DnsFailure, "the endpoint's host name could not be resolved"),
        HttpRequestError.SecureConnectionError => OfTls(exception),
        // So the handler reports some of what is no HTTP: a chunk's size that is too long, for one.
        HttpRequestError.Unknown when exception.InnerException is null => Invalid,
        HttpRequestError.ProxyTunnelError or HttpRequestError.UserAuthenticationError => Proxy,
        var error => OfError(error) ?? OfInner(exception),
    };

    private static SendFailure? OfError(HttpRequestError error) => error switch
    {
        HttpRequestError.InvalidResponse => Invalid,
        HttpRequestError.ConfigurationLimitExceeded => HeadersTooLong,
        HttpRequestError.ResponseEnded => Reset,
        _ => null,
    };

    private static SendFailure OfTls(HttpRequestException exception)
    {
        for (Exception? cause = exception.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException { InnerException: null })
                return new SendFailure(AttemptOutcome.TlsFailure, $"the endpoint's certificate was not accepted: {cause.Message}");
        }

        return new SendFailure(AttemptOutcome.TlsFailure, "no TLS connection could be agreed on with the endpoint");
    }

    private static SendFailure OfInner(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case TimeoutException:
                    return ConnectTimeout;
                case AuthenticationException:
                    return new SendFailure(
                        AttemptOutcome.TlsFailure, "no TLS connection could be agreed on with the endpoint");
                case SocketException socket:
                    return OfSocket(socket.SocketErrorCode);
            }
        }

        return Reset;
    }

    private static SendFailure OfSocket(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => Refused,
        SocketError.TimedOut => ConnectTimeout,
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery =>
            new SendFailure(AttemptOutcome.DnsFailure, "the endpoint's host name could not be resolved"),
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown
            or SocketError.NetworkDown or SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported => Unreachable,
        _ => Reset,
    };
}
