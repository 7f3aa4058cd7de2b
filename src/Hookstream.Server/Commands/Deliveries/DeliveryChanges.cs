using Hookstream.Client.Deliveries;

namespace Hookstream.Server.Commands.Deliveries;

/// <summary>Tells what is new or different among the newest deliveries since the last look; forgets what left the window.</summary>
internal sealed class DeliveryChanges
{
    public const int Window = 100;

    private Dictionary<string, (string Status, int Attempts)> _seen = new(StringComparer.Ordinal);

    /// <summary>Takes the newest deliveries, newest first; gives those to print, oldest first.</summary>
    public IReadOnlyList<Delivery> Apply(IReadOnlyList<Delivery> newest)
    {
        var now = new Dictionary<string, (string, int)>(StringComparer.Ordinal);
        var news = new List<Delivery>();
        for (var i = newest.Count - 1; i >= 0; i--)
        {
            var delivery = newest[i];
            var state = (DeliveriesCommand.Status(delivery), delivery.AttemptCount);
            if (!_seen.TryGetValue(delivery.Id, out var before) || before != state)
                news.Add(delivery);
            now[delivery.Id] = state;
        }

        _seen = now;
        return news;
    }
}
