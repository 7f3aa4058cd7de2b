using System.Buffers.Text;
using System.Text;
using Hookstream.Api.Json;

namespace Hookstream.Api.Events;

/// <summary>Writes the answer to an accepted event straight into the response, from text encoded beforehand.</summary>
internal static class AcceptedEventWriter
{
    // All the fixed text, an id, a number of ten digits.
    private const int MaxLength = 160;

    public static ValueTask<System.IO.Pipelines.FlushResult> WriteAsync(
        HttpResponse response, in AppendResult result, CancellationToken cancellation)
    {
        response.StatusCode = StatusCodes.Status202Accepted;
        response.ContentType = Answer.ContentType;
        var body = response.BodyWriter;
        var length = Write(body.GetSpan(MaxLength), result);
        response.ContentLength = length;
        body.Advance(length);
        return body.FlushAsync(cancellation);
    }

    public static int Write(Span<byte> destination, in AppendResult result)
    {
        var length = 0;
        Append(destination, ref length, "{\"success\":true,\"data\":{\"event_id\":\""u8);
        length += Encoding.ASCII.GetBytes(result.Id.ToString(), destination[length..]);
        Append(destination, ref length, "\",\"enqueued_count\":"u8);
        Utf8Formatter.TryFormat(result.EnqueuedCount, destination[length..], out var digits);
        length += digits;
        Append(
            destination,
            ref length,
            result.Outcome == AppendOutcome.Duplicate ? ",\"duplicate\":true}}"u8 : "}}"u8);
        return length;
    }

    private static void Append(Span<byte> destination, ref int length, ReadOnlySpan<byte> text)
    {
        text.CopyTo(destination[length..]);
        length += text.Length;
    }
}
