using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Hookstream.Api.OpenApi;

/// <summary>What the document says of the API as a whole.</summary>
internal static class DocumentDescription
{
    public const string SecurityScheme = "bearer";

    public static Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Hookstream API",
            Version = context.ApplicationServices.GetRequiredService<ApiOptions>().Version,
            Description = "Send events; Hookstream delivers them to subscribers as signed webhooks, with retries.",
        };
        // Relative to where the document was read: behind a proxy the program does not know its own address.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.AddComponent(SecurityScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A tenant's key, or the admin token with `X-Hookstream-Tenant` on a tenant's calls.",
        });
        return Task.CompletedTask;
    }
}
