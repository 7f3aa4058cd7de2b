using System.Net;
using System.Net.Sockets;
using Hookstream.Server.Configuration;

namespace Hookstream.Server.Hosting;

/// <summary>
/// What a person who has just started the service needs next. On standard error, since standard output is for logs; the
/// token only where a person looks: at a terminal, or where HOOKSTREAM_BANNER asks for it.
/// </summary>
internal static class StartBanner
{
    public static async Task WriteAsync(Settings settings, GeneratedSecrets secrets)
    {
        if (Environment.GetEnvironmentVariable("HOOKSTREAM_BANNER") != "1" && Console.IsErrorRedirected)
            return;
        if (settings.Role == Role.Worker)
            return;
        var token = settings.ApiToken is not null ? "$API_TOKEN" : secrets.ApiToken;
        await Console.Error.WriteLineAsync(Text(settings.Host, settings.Port, token));
    }

    /// <param name="host">Where it listens.</param>
    /// <param name="port">The port there.</param>
    /// <param name="token">A tenant's key, or the variable that holds it; null: only the operator has a token.</param>
    internal static string Text(string? host, int port, string? token)
    {
        var url = $"http://{Reachable(host)}:{port}";
        if (token is null)
        {
            return
                $"""

                  Hookstream is ready on {url}
                    API reference  {url}/docs

                  Make a tenant, and then a key for it, with HOOKSTREAM_ADMIN_TOKEN in the environment:
                    ./hookstream tenants create Acme --external-id acme
                    ./hookstream keys create --tenant acme --name first

                """;
        }

        return
            $$$"""

              Hookstream is ready on {{{url}}}
                API token      {{{token}}}
                API reference  {{{url}}}/docs

              Watch what arrives, in another terminal:
                ./hookstream listen

              Send an event, from a third:
                curl {{{url}}}/api/v1/events \
                  -H "Authorization: Bearer {{{token}}}" -H "Content-Type: application/json" \
                  -d '{"type":"payment.completed","payload":{"amount":4200,"currency":"EUR"}}'

              """;
    }

    // Where it listens on every address, this machine's own is one that works.
    private static string Reachable(string? host)
    {
        if (!IPAddress.TryParse(host, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            return "127.0.0.1";
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
    }
}
