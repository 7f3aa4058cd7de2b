using System.Text.Json.Nodes;
using Hookstream.Api.Authentication;
using Hookstream.Api.Events;
using Hookstream.Api.Routing;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Hookstream.Api.OpenApi;

/// <summary>
/// Describes a call from its <see cref="ApiOperation"/>: handlers read paths, queries and bodies themselves, so that the
/// framework knows nothing of them.
/// </summary>
internal static class OperationDescriptions
{
    public static async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiOperation>().FirstOrDefault() is not { } described)
            return;

        operation.OperationId = described.Name;
        operation.Summary = described.Summary;
        operation.Description = described.Description;
        operation.Parameters = [.. PathParameters(described), .. QueryParameters(described), .. Headers(described)];
        if (described.Body is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = !described.BodyOptional,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Json.Answer.ContentType] = new()
                    {
                        Schema = await context.GetOrCreateSchemaAsync(body, null, cancellation),
                    },
                },
            };
        }

        if (described.Access.Kind != AccessKind.Public)
        {
            operation.Security =
            [
                new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference(DocumentDescription.SecurityScheme, context.Document)] = [],
                },
            ];
        }
    }

    private static IEnumerable<OpenApiParameter> PathParameters(ApiOperation described) =>
        described.Pattern.Split('/')
            .Where(segment => segment.StartsWith('{'))
            .Select(segment => new OpenApiParameter
            {
                Name = segment.Trim('{', '}'),
                In = ParameterLocation.Path,
                Required = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });

    private static IEnumerable<OpenApiParameter> QueryParameters(ApiOperation described) =>
        described.Query.Select(parameter => new OpenApiParameter
        {
            Name = parameter.Name,
            In = ParameterLocation.Query,
            Description = parameter.Description,
            Schema = new OpenApiSchema
            {
                Type = parameter.IsInteger ? JsonSchemaType.Integer : JsonSchemaType.String,
                Enum = parameter.Words is { } words ? [.. words.Select(word => (JsonNode)word)] : null,
            },
        });

    private static IEnumerable<OpenApiParameter> Headers(ApiOperation described)
    {
        if (described.Access.Kind == AccessKind.Tenant)
            yield return Header(Authenticator.TenantHeader, "With the admin token: the id or external_id of the tenant to act as.");
        if (described.Body == typeof(EventRequest))
            yield return Header(IdempotencyKey.Header, "May stand for the field `idempotency_key`.");
    }

    private static OpenApiParameter Header(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
