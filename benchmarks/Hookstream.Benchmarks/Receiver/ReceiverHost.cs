using System.Diagnostics;
using System.Globalization;
using System.Text;
using Hookstream.Benchmarks.Processes;

namespace Hookstream.Benchmarks.Receiver;

/// <summary>
/// The endpoint of every benchmark: reads the request, answers 200 and counts. Its counts are read over HTTP.
/// </summary>
internal static class ReceiverHost
{
    public const string Role = "receiver";
    public const string HookPath = "/hook";
    public const string CountsPath = "/counts";
    public const string ReceiptsPath = "/receipts";
    public const string ResetPath = "/reset";
    public const string ResetRecordingPath = "/reset-recording";

    public static Task RunAsync(CancellationToken cancellationToken)
    {
        var tally = new ReceiptTally(recording: false);
        return BareHost.RunAsync(HandleAsync, cancellationToken);

        Task HandleAsync(HttpContext context)
        {
            switch (context.Request.Path.Value)
            {
                case CountsPath:
                    return WriteAsync(context, Volatile.Read(ref tally).Counts.ToLine());
                case ReceiptsPath:
                    return WriteAsync(context, Lines(Volatile.Read(ref tally)));
                case ResetPath:
                    Volatile.Write(ref tally, new ReceiptTally(recording: false));
                    return Task.CompletedTask;
                case ResetRecordingPath:
                    Volatile.Write(ref tally, new ReceiptTally(recording: true));
                    return Task.CompletedTask;
                default:
                    Volatile.Read(ref tally).Add(
                        context.Request.Headers["webhook-id"].ToString(),
                        Stopwatch.GetTimestamp());
                    return ReadBodyAsync(context);
            }
        }
    }

    private static async Task ReadBodyAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var read = await reader.ReadAsync(context.RequestAborted);
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.End);
            read = await reader.ReadAsync(context.RequestAborted);
        }

        reader.AdvanceTo(read.Buffer.End);
        context.Response.ContentLength = 0;
    }

    private static Task WriteAsync(HttpContext context, string text) =>
        context.Response.WriteAsync(text, context.RequestAborted);

    private static string Lines(ReceiptTally tally)
    {
        var lines = new StringBuilder();
        foreach (var (eventId, timestamp) in tally.Receipts)
            lines.Append(CultureInfo.InvariantCulture, $"{eventId} {timestamp}\n");
        return lines.ToString();
    }
}
