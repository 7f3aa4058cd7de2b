using System.Text;
using Hookstream.Benchmarks.Payloads;

namespace Hookstream.Benchmarks.Parts.Ingest;

/// <summary>Bodies of posted events.</summary>
internal static class PostedBody
{
    /// <summary>The sample event, or one of its type whose payload lists as many such payments as fit.</summary>
    public static byte[] WithPayloadOf(int bytes)
    {
        if (bytes <= SampleEvent.Payload.Length)
            return Encoding.UTF8.GetBytes(SampleEvent.Body(SampleEvent.Type));
        var payload = new StringBuilder("""{"payments":[""").Append(SampleEvent.Payload);
        while (payload.Length + SampleEvent.Payload.Length + 3 <= bytes)
            payload.Append(',').Append(SampleEvent.Payload);
        payload.Append("]}");
        return Encoding.UTF8.GetBytes($$"""{"type":"{{SampleEvent.Type}}","payload":{{payload}}}""");
    }
}
