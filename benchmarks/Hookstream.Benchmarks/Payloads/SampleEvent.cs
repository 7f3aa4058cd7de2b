using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Hookstream.Benchmarks.Payloads;

/// <summary>The one event that every benchmark sends; its payload has 130 bytes.</summary>
internal static class SampleEvent
{
    public const string Type = "payment.completed";

    public const string Payload =
        """{"payment_id":"pay_01JG3Z8Q7W","amount":4999""" +
        ""","currency":"EUR","customer":"cus_8842","status":"captured","method":"card","fee":150}""";

    public static string Body(string type) => $$"""{"type":"{{type}}","payload":{{Payload}}}""";

    public static byte[] BatchBody(string type, int count)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        var body = Encoding.UTF8.GetBytes(Body(type));
        writer.WriteStartObject();
        writer.WriteStartArray("events");
        for (var i = 0; i < count; i++)
            writer.WriteRawValue(body, skipInputValidation: true);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
