using System.Globalization;
using Hookstream.Benchmarks.Ceilings;

namespace Hookstream.Benchmarks.Receiver;

internal sealed class ReceiverClient(Uri receiver) : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan StallDeadline = TimeSpan.FromSeconds(30);
    private readonly HttpMessageInvoker _invoker = SignedSender.CreateInvoker();

    public Task ResetAsync(CancellationToken cancellationToken) => GetAsync(ReceiverHost.ResetPath, cancellationToken);

    public Task ResetRecordingAsync(CancellationToken cancellationToken) =>
        GetAsync(ReceiverHost.ResetRecordingPath, cancellationToken);

    public async Task<ReceiverCounts> CountsAsync(CancellationToken cancellationToken) =>
        ReceiverCounts.Parse(await GetAsync(ReceiverHost.CountsPath, cancellationToken));

    public async Task<IReadOnlyList<Receipt>> ReceiptsAsync(CancellationToken cancellationToken)
    {
        var lines = await GetAsync(ReceiverHost.ReceiptsPath, cancellationToken);
        return
        [
            .. lines
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' '))
                .Select(fields => new Receipt(fields[0], long.Parse(fields[1], CultureInfo.InvariantCulture))),
        ];
    }

    /// <summary>Waits until that many have come; gives up when none came for half a minute.</summary>
    public async Task<ReceiverCounts> WaitForAsync(long expected, CancellationToken cancellationToken)
    {
        var lastChange = TimeProvider.System.GetTimestamp();
        var seen = -1L;
        while (true)
        {
            var counts = await CountsAsync(cancellationToken);
            if (counts.Count >= expected)
                return counts;
            if (counts.Count != seen)
            {
                seen = counts.Count;
                lastChange = TimeProvider.System.GetTimestamp();
            }
            else if (TimeProvider.System.GetElapsedTime(lastChange) > StallDeadline)
            {
                throw new BenchmarkException(
                    $"the receiver got {seen} of {expected} deliveries, then none for {StallDeadline}");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    public void Dispose() => _invoker.Dispose();

    private async Task<string> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(receiver, path));
        using var response = await _invoker.SendAsync(request, cancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken);
    }
}
