using Hookstream.Server.Configuration;

namespace Hookstream.Server.Hosting;

/// <summary>
/// What a person who has just started the service needs next. On standard error, since standard output is for logs; the
/// token only where a person looks.
/// </summary>
internal static class StartBanner
{
    public static async Task WriteAsync(Settings settings, GeneratedSecrets secrets)
    {
        if (Environment.GetEnvironmentVariable("HOOKSTREAM_BANNER") != "1" && Console.IsErrorRedirected)
            return;
        var url = $"http://127.0.0.1:{settings.Port}";
        var token = settings.ApiToken is null ? secrets.ApiToken : "$API_TOKEN";
        await Console.Error.WriteLineAsync(
            $$"""

              Hookstream is ready on {{url}}
                API token      {{token}}
                Documentation  {{url}}/docs

              Send an event:
                curl {{url}}/api/v1/events \
                  -H "Authorization: Bearer {{token}}" -H "Content-Type: application/json" \
                  -d '{"type":"payment.completed","payload":{"amount":4200,"currency":"EUR"}}'

              Watch what arrives, in another terminal:
                ./hookstream listen

              """);
    }
}
