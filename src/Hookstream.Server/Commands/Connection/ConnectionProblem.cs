using System.Net;
using System.Text;
using Hookstream.Client;
using Hookstream.Server.Commands.Terminal;

namespace Hookstream.Server.Commands.Connection;

/// <summary>Says in a user's words why a call failed, and what to do.</summary>
internal static class ConnectionProblem
{
    public static string Describe(HttpRequestException exception, Uri address) =>
        exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            ? $"Nothing answers at {address.GetLeftPart(UriPartial.Authority)}; start it with `make run`, or name the server with "
              + "--url or HOOKSTREAM_URL"
            : $"{address.GetLeftPart(UriPartial.Authority)} did not answer: {exception.Message}";

    public static string DescribeTimeout(Uri address) =>
        $"{address.GetLeftPart(UriPartial.Authority)} took the request and did not answer in time";

    public static string Describe(HookstreamApiException exception, AccessToken token)
    {
        var text = new StringBuilder(TerminalText.Clean(exception.Detail));
        foreach (var (field, messages) in exception.Errors)
        {
            foreach (var message in messages)
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n  {TerminalText.Clean(field)}: {TerminalText.Clean(message)}");
        }

        if (exception.StatusCode == HttpStatusCode.Unauthorized)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n  The token came from {token.Source}; is it this server's?");
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n  (HTTP {(int)exception.StatusCode}");
        if (exception.Code is { } code)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $", {TerminalText.Clean(code)}");
        if (exception.RequestId is { } request)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $", request {TerminalText.Clean(request)}");
        return text.Append(')').ToString();
    }
}
