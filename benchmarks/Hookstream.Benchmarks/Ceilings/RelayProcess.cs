using System.Globalization;
using Hookstream.Benchmarks.Processes;

namespace Hookstream.Benchmarks.Ceilings;

internal static class RelayProcess
{
    public static Task<OwnProcess> StartAsync(Uri receiver, BenchmarkSettings settings, CancellationToken cancellationToken) =>
        OwnProcess.StartListenerAsync(
            BareRelay.Role,
            ["--receiver", receiver.ToString(), "--in-flight", settings.SendsInFlight.ToString(CultureInfo.InvariantCulture)],
            cancellationToken);
}
