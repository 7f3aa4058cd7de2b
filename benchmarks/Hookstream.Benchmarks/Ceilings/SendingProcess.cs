using System.Globalization;
using Hookstream.Benchmarks.Processes;

namespace Hookstream.Benchmarks.Ceilings;

/// <summary>Starts a ceiling that sends to a receiver.</summary>
internal static class SendingProcess
{
    public static Task<OwnProcess> StartAsync(
        string role,
        Uri receiver,
        BenchmarkSettings settings,
        CancellationToken cancellationToken) =>
        OwnProcess.StartListenerAsync(
            role,
            [
                "--receiver",
                receiver.ToString(),
                "--in-flight",
                settings.SendsInFlight.ToString(CultureInfo.InvariantCulture),
            ],
            cancellationToken);
}
