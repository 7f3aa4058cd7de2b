using System.IO.Pipelines;
using System.Text;
using Hookstream.Benchmarks.Payloads;
using Hookstream.Benchmarks.Processes;

namespace Hookstream.Benchmarks.Ceilings;

/// <summary>
/// The ceiling of ingest: reads the JSON where Kestrel has it and answers 202; checks no key, stores nothing.
/// </summary>
internal static class BareKestrel
{
    public const string Role = "bare-kestrel";

    public static Task RunAsync(CancellationToken cancellationToken) =>
        BareHost.RunAsync(context => AnswerAsync(context, Discard), cancellationToken);

    /// <summary>Answers 202 to an event once <paramref name="accept"/> has taken it and given it an id.</summary>
    public static async Task AnswerAsync(HttpContext context, Func<PostedEvent, string> accept)
    {
        var reader = context.Request.BodyReader;
        var read = await reader.ReadAsync(context.RequestAborted);
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync(context.RequestAborted);
        }

        var valid = PostedEvent.TryRead(read.Buffer, out var posted);
        var eventId = valid ? accept(posted) : "";
        reader.AdvanceTo(read.Buffer.End);

        var response = context.Response;
        if (!valid)
        {
            response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        response.StatusCode = StatusCodes.Status202Accepted;
        response.ContentType = "application/json";
        response.ContentLength = Before.Length + eventId.Length + After.Length;
        Write(response.BodyWriter, eventId);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static ReadOnlySpan<byte> Before => "{\"success\":true,\"data\":{\"event_id\":\""u8;

    private static ReadOnlySpan<byte> After => "\",\"enqueued_count\":1}}"u8;

    private static string Discard(PostedEvent posted) => "evt_01jg3z8q7w0000000000000000";

    private static void Write(PipeWriter writer, string eventId)
    {
        var span = writer.GetSpan(Before.Length + eventId.Length + After.Length);
        Before.CopyTo(span);
        var length = Before.Length + Encoding.ASCII.GetBytes(eventId, span[Before.Length..]);
        After.CopyTo(span[length..]);
        writer.Advance(length + After.Length);
    }
}
