using Hookstream.Api.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Hookstream.Api.OpenApi;

/// <summary>Describes the types that the API writes in its own way.</summary>
internal static class SchemaDescriptions
{
    public static Task TransformAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = context.JsonTypeInfo.Type;
        var underlying = Nullable.GetUnderlyingType(type) ?? type;
        var nullable = underlying == type ? default : JsonSchemaType.Null;
        if (underlying == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String | nullable;
            schema.Format = "date-time";
        }
        else if (underlying == typeof(RawJson))
        {
            schema.Type = JsonSchemaType.Object | nullable;
            schema.Properties = null;
            schema.Required = null;
            schema.Description = "A JSON object, as it was given.";
        }

        return Task.CompletedTask;
    }
}
