using System.Text.Json;
using Hookstream.Api.Problems;

namespace Hookstream.Api.Events;

/// <summary>What came of one event of a batch.</summary>
internal readonly record struct BatchResult(int Index, AppendResult Appended, Problem? Problem)
{
    private static readonly Problem Failed = new(
        ProblemCode.Internal, "The store could not take this event. The cause is in the log.");

    public bool Accepted => Problem is null;

    /// <summary>True when nothing was wrong with the event itself.</summary>
    public bool FailedHere => Problem?.Code == ProblemCode.Internal;

    public static BatchResult Refused(int index, Problem problem) => new(index, default, problem);

    public static BatchResult Of(int index, in AppendResult appended) => appended.Outcome switch
    {
        AppendOutcome.Accepted or AppendOutcome.Duplicate => new BatchResult(index, appended, null),
        AppendOutcome.Conflict => Refused(index, EventIngest.IdempotencyConflict(appended.Id)),
        _ => Refused(index, Failed),
    };

    /// <summary>Writes the <c>data</c> of an answer.</summary>
    public static void WriteAll(BatchResult[] results, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("results"u8);
        foreach (var result in results)
            result.Write(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, Index);
        if (Problem is null)
        {
            writer.WriteString("event_id"u8, Appended.Id.ToString());
            writer.WriteNumber("enqueued_count"u8, Appended.EnqueuedCount);
            if (Appended.Outcome == AppendOutcome.Duplicate)
                writer.WriteBoolean("duplicate"u8, true);
        }
        else
        {
            writer.WriteStartObject("error"u8);
            writer.WriteString("code"u8, Problem.Code.Name);
            writer.WriteString("detail"u8, Problem.Detail);
            writer.WritePropertyName("errors"u8);
            if (Problem.Errors is { } errors)
                errors.Write(writer);
            else
                writer.WriteNullValue();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
