using System.Text.Json;

namespace Hookstream.Benchmarks.Payloads;

/// <summary>
/// Reads what the API answers without building a document: the paced driver shares its cores with the server.
/// </summary>
internal static class EventAnswer
{
    public static string EventId(ReadOnlySpan<byte> answer)
    {
        var reader = new Utf8JsonReader(answer);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("event_id"u8))
                continue;
            reader.Read();
            return reader.GetString() ?? throw new BenchmarkException("the answer's event_id is null");
        }

        throw new BenchmarkException("the answer has no event_id");
    }

    public static int EnqueuedCount(ReadOnlySpan<byte> answer)
    {
        var enqueued = 0;
        var reader = new Utf8JsonReader(answer);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("enqueued_count"u8))
                continue;
            reader.Read();
            enqueued += reader.GetInt32();
        }

        return enqueued;
    }
}
