using Microsoft.Extensions.Logging;

namespace Hookstream.Diagnosis;

/// <summary>What the diagnosis logs: event ids 900 to 999.</summary>
internal static partial class Log
{
    [LoggerMessage(900, LogLevel.Warning, "The model {Model} gave no answer: {Reason}")]
    public static partial void Failed(ILogger logger, string model, string reason);
}
