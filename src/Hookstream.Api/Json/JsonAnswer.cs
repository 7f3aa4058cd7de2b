using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Hookstream.Api.Json;

/// <summary>An answer with a JSON body.</summary>
internal sealed record JsonAnswer<T>(int Status, T Value, JsonTypeInfo<T> TypeInfo) : IResult
{
    /// <summary>Where what was made can be read.</summary>
    public string? Location { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = Answer.ContentType;
        if (Location is not null)
            response.Headers.Location = Location;
        await JsonSerializer.SerializeAsync(response.BodyWriter, Value, TypeInfo, httpContext.RequestAborted);
    }
}
