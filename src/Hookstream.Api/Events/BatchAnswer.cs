using System.Text.Json;
using Hookstream.Api.Json;

namespace Hookstream.Api.Events;

/// <summary>The answer to a batch of which something was accepted.</summary>
internal sealed class BatchAnswer(BatchResult[] results) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status202Accepted;
        response.ContentType = Answer.ContentType;
        await using (var writer = new Utf8JsonWriter(response.BodyWriter, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("success"u8, true);
            writer.WritePropertyName("data"u8);
            BatchResult.WriteAll(results, writer);
            writer.WriteEndObject();
        }

        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}
