using System.Globalization;
using Hookstream.Benchmarks.Processes;
using Hookstream.Benchmarks.Receiver;

namespace Hookstream.Benchmarks.Ceilings;

/// <summary>Runs the bare sender, in a process of its own, against a receiver.</summary>
internal static class BareSenderMeasurement
{
    public static async Task<double> RunAsync(
        Uri receiver,
        ReceiverClient counts,
        BenchmarkSettings settings,
        CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "--receiver", receiver.ToString(),
            "--sends", settings.DrainDeliveries.ToString(CultureInfo.InvariantCulture),
            "--warmup", settings.DrainWarmupDeliveries.ToString(CultureInfo.InvariantCulture),
            "--in-flight", settings.SendsInFlight.ToString(CultureInfo.InvariantCulture),
        ];
        await OwnProcess.RunAsync(BareSender.Role, arguments, cancellationToken);
        var received = await counts.CountsAsync(cancellationToken);
        if (received.Count != settings.DrainDeliveries)
            throw new BenchmarkException($"the bare sender sent {settings.DrainDeliveries}, the receiver got {received.Count}");
        BenchmarkRun.Say($"  bare sender: {received.Rate:n0} sends/s");
        return received.Rate;
    }
}
