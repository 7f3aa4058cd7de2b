using Hookstream.Benchmarks.Processes;
using Hookstream.Benchmarks.Receiver;

namespace Hookstream.Benchmarks.Ceilings;

/// <summary>Has the bare sender send, and reads the rate where the server's is read: at the receiver.</summary>
internal sealed class BareSenderMeasurement(OwnProcess sender, ReceiverClient receiver) : IDisposable
{
    private readonly HttpMessageInvoker _invoker = SignedSender.CreateInvoker();
    private readonly List<double> _rates = [];

    public IReadOnlyList<double> Rates => _rates;

    public async Task<double> SendAsync(int sends, CancellationToken cancellationToken)
    {
        await receiver.ResetAsync(cancellationToken);
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(sender.Address, $"{BareSender.SendPath}{sends}"));
        using var response = await _invoker.SendAsync(request, cancellationToken);
        var received = await receiver.CountsAsync(cancellationToken);
        if (!response.IsSuccessStatusCode || received.Count != sends)
        {
            throw new BenchmarkException(
                $"the bare sender answered {(int)response.StatusCode}; " +
                $"of {sends} sends the receiver got {received.Count}");
        }

        return received.Rate;
    }

    public async Task MeasureAsync(int sends, CancellationToken cancellationToken)
    {
        var rate = await SendAsync(sends, cancellationToken);
        _rates.Add(rate);
        BenchmarkRun.Say($"  bare sender: {rate:n0} sends/s");
    }

    public void Dispose() => _invoker.Dispose();
}
