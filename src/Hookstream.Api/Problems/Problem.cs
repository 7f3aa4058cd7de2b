using System.Globalization;
using System.Text.Json;
using Hookstream.Api.Json;

namespace Hookstream.Api.Problems;

/// <summary>A failed call: problem details of RFC 9457 with the members of the wire contract.</summary>
internal sealed record Problem(ProblemCode Code, string Detail) : IResult
{
    public const string ContentType = "application/problem+json";

    /// <summary>The HTTP status; the code's own unless there is a better one.</summary>
    public int Status { get; init; } = Code.Status;

    public ValidationErrors? Errors { get; init; }

    /// <summary>Writes what can be told beyond the problem, as <c>data</c>; null: nothing can.</summary>
    public Action<Utf8JsonWriter>? WriteData { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public static Problem NotFound(string what) => new(ProblemCode.NotFound, $"There is no {what} with this id.");

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        if (Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        if (RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

        await using (var writer = new Utf8JsonWriter(response.BodyWriter, ApiJson.WriterOptions))
            Write(writer);
        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, Code.Type);
        writer.WriteString("title"u8, Code.Title);
        writer.WriteNumber("status"u8, Status);
        writer.WriteString("detail"u8, Detail);
        writer.WriteBoolean("success"u8, false);
        writer.WriteString("code"u8, Code.Name);
        writer.WriteString("error"u8, Detail);
        if (Errors is not null)
        {
            writer.WritePropertyName("errors"u8);
            Errors.Write(writer);
        }

        if (WriteData is not null)
        {
            writer.WritePropertyName("data"u8);
            WriteData(writer);
        }

        writer.WriteEndObject();
    }
}
