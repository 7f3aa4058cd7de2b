using System.Buffers;
using System.IO.Pipelines;
using Hookstream.Api.Problems;
using Microsoft.AspNetCore.Connections;

namespace Hookstream.Api.Json;

/// <summary>Reads a request's body, up to a limit.</summary>
internal static class BodyReading
{
    public static readonly Problem WrongType = new(
        ProblemCode.UnsupportedMediaType,
        "The content type must be application/json (or one that ends in +json), in UTF-8.");

    public static readonly Problem Missing = new(
        ProblemCode.InvalidJson, "The body is empty at line 1, byte 1; a JSON object is expected.");

    public static readonly Problem NotAnObject = new(ProblemCode.ValidationFailed, "The body must be a JSON object.");

    public static Problem TooLarge(long limit) =>
        new(ProblemCode.PayloadTooLarge, $"The body is larger than the {limit} bytes that are accepted here.");

    /// <summary>
    /// Reads the body to its end. What was read stays in the pipe, for the caller to advance past; null when it is larger
    /// than <paramref name="limit"/>, and then the rest is not read.
    /// </summary>
    public static async ValueTask<ReadOnlySequence<byte>?> ReadToEndAsync(
        PipeReader body, long limit, CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult result;
            try
            {
                result = await body.ReadAsync(cancellation);
            }
            catch (IOException exception) when (exception is not (BadHttpRequestException or ConnectionResetException))
            {
                // Not everything that is wrong with a body is a bad request to the server: a chunk's length may overflow.
                throw new BadHttpRequestException(exception.Message, exception);
            }

            var buffer = result.Buffer;
            if (buffer.Length > limit)
            {
                body.AdvanceTo(buffer.End);
                return null;
            }

            if (result.IsCompleted)
                return buffer;
            body.AdvanceTo(buffer.Start, buffer.End);
        }
    }
}
