using System.Security.Cryptography;
using Hookstream.Api.Authentication;
using Hookstream.Api.Problems;
using Microsoft.AspNetCore.Builder;

namespace Hookstream.Api.Metrics;

/// <summary><c>/metrics</c>: for whom, and on which port.</summary>
internal static class MetricsEndpoint
{
    private const string Path = "/metrics";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    private static readonly Problem NoToken = new(
        ProblemCode.Unauthorized, "Send the token that HOOKSTREAM_METRICS_TOKEN names in the header 'Authorization: Bearer <token>'.");

    public static void Map(WebApplication app, MetricsEndpointOptions options, RequestDelegate? scrape)
    {
        // Behind routing, in front of what it has found: on each of the two ports the other's paths do not exist.
        if (options.Port is { } port)
        {
            app.Use((context, next) =>
            {
                if (context.Connection.LocalPort == port == (context.Request.Path == Path))
                    return next(context);
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        }

        app.MapMethods(Path, Methods, scrape is null ? Off(options).ExecuteAsync : ScrapeAsync).ExcludeFromDescription();

        Task ScrapeAsync(HttpContext context) => MayRead(context, options.Token) ? scrape(context) : NoToken.ExecuteAsync(context);
    }

    private static Problem Off(MetricsEndpointOptions options) => new(
        ProblemCode.NotFound,
        $"Metrics are not answered here, because {options.OffBecause}; with OTEL_METRICS_EXPORTER=prometheus, the default, they are.");

    private static bool MayRead(HttpContext context, KeyHash? token)
    {
        if (token is not { } wanted)
            return true;
        var header = context.Request.Headers.Authorization;
        return header.Count == 1
            && Authenticator.TryHash(header[0], out var given)
            && CryptographicOperations.FixedTimeEquals(given.ToBytes(), wanted.ToBytes());
    }
}
