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
    private const string Path = $"/openapi/{Name}.json";

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
            // Every GET answers HEAD as well, which the document need not say twice, under one operation id.
            options.ShouldInclude = described => described.HttpMethod != HttpMethods.Head;
            options.AddSchemaTransformer(SchemaDescriptions.TransformAsync);
            options.AddOperationTransformer(OperationDescriptions.TransformAsync);
            options.AddDocumentTransformer(DocumentDescription.TransformAsync);
        });
    }

    public static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        // The one name, not any: the framework answers for others in its own way.
        routes.MapOpenApi(Path);
        routes.MapScalarApiReference("/docs", options => options
                .WithTitle("Hookstream API")
                .WithOpenApiRoutePattern(Path)
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
