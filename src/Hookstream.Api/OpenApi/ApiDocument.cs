using Hookstream.Api.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Scalar.AspNetCore;

namespace Hookstream.Api.OpenApi;

/// <summary>The OpenAPI document, and the page that shows it.</summary>
internal static class ApiDocument
{
    private const string Name = "v1";

    // The page may be looked at where nothing outside can be reached, and should tell nobody outside that it is.
    private const string OwnContentOnly =
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:";

    public static IServiceCollection AddApiDocument(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options =>
        {
            ApiJson.Configure(options.SerializerOptions);
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Shared);
        });
        return services.AddOpenApi(Name, options =>
        {
            options.AddSchemaTransformer(SchemaDescriptions.TransformAsync);
            options.AddOperationTransformer(OperationDescriptions.TransformAsync);
            options.AddDocumentTransformer(DocumentDescription.TransformAsync);
        });
    }

    public static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json");
        routes.MapScalarApiReference("/docs", options => options
                .WithTitle("Hookstream API")
                .WithOpenApiRoutePattern("/openapi/{documentName}.json")
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent())
            .AddEndpointFilter(async (invocation, next) =>
            {
                invocation.HttpContext.Response.Headers.ContentSecurityPolicy = OwnContentOnly;
                return await next(invocation);
            });
    }
}
