namespace Hookstream.Core.Deliveries;

/// <summary>How the API and the logs write an <see cref="AttemptTrigger"/>.</summary>
public static class AttemptTriggerCodes
{
    /// <summary>The code, such as <c>schedule</c>.</summary>
    public static string ToCode(this AttemptTrigger trigger) => trigger switch
    {
        AttemptTrigger.Schedule => "schedule",
        AttemptTrigger.Replay => "replay",
        AttemptTrigger.Probe => "probe",
        AttemptTrigger.Test => "test",
        _ => throw new ArgumentOutOfRangeException(nameof(trigger), trigger, null),
    };
}
