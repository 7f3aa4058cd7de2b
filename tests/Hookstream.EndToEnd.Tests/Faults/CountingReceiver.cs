using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hookstream.EndToEnd.Tests.Faults;

/// <summary>
/// A receiver that keeps nothing of a request but how often and when it came, by endpoint, event and delivery.
/// </summary>
internal sealed class CountingReceiver : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Path, string EventId, string DeliveryId), Arrivals> _arrivals = new();
    private readonly WebApplication _app;
    private int _count;
    private int _inFlight;
    private long _clockError;

    private CountingReceiver(WebApplication app) => _app = app;

    /// <summary>How long it takes to answer what arrives from now on.</summary>
    public TimeSpan AnswersAfter { get; set; }

    /// <summary>Requests that have not been answered yet.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Requests so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The most that a request's <c>webhook-timestamp</c> was away from the time of its arrival; verifiers allow 5 minutes.</summary>
    public TimeSpan ClockError => TimeSpan.FromSeconds(Volatile.Read(ref _clockError));

    public IReadOnlyDictionary<(string Path, string EventId, string DeliveryId), Arrivals> All => _arrivals;

    public static async Task<CountingReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        var receiver = new CountingReceiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public Uri UrlOf(string path) => new(new Uri(_app.Urls.Single()), path);

    /// <summary>Forgets what has arrived.</summary>
    public void Forget() => _arrivals.Clear();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        var headers = context.Request.Headers;
        var key = (context.Request.Path.Value!, headers["webhook-id"].ToString(), headers["X-Hookstream-Delivery"].ToString());
        _arrivals.GetOrAdd(key, _ => new Arrivals()).Add(TimeProvider.System.GetTimestamp());
        Interlocked.Increment(ref _count);
        var timestamp = long.Parse(headers["webhook-timestamp"].ToString(), CultureInfo.InvariantCulture);
        InterlockedMax(ref _clockError, Math.Abs(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - timestamp));
        Interlocked.Increment(ref _inFlight);
        // Not cut short by a sender that goes away: its request has arrived, as far as this one can tell.
        await Task.Delay(AnswersAfter, CancellationToken.None);
        Interlocked.Decrement(ref _inFlight);
    }

    private static void InterlockedMax(ref long field, long value)
    {
        long current;
        while (value > (current = Volatile.Read(ref field)) && Interlocked.CompareExchange(ref field, value, current) != current)
        {
        }
    }

    /// <summary>The requests of one delivery.</summary>
    internal sealed class Arrivals
    {
        private readonly ConcurrentQueue<long> _at = new();

        /// <summary>When each came, as timestamps of the system's <see cref="TimeProvider"/>.</summary>
        public IReadOnlyCollection<long> At => _at;

        public void Add(long timestamp) => _at.Enqueue(timestamp);
    }
}
