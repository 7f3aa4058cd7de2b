namespace Hookstream.TestServers.Programs;

/// <summary>
/// How long a test waits for what is to come about. It is there to end a test that hangs and is no measure of anything: a machine
/// that stands still for seconds is no failure.
/// </summary>
public static class Patience
{
    /// <summary>The limit of every wait.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
}
