using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hookstream.Api.Metrics;
using Hookstream.Api.Tests.Doubles;
using Hookstream.Conformance.Metrics;
using Hookstream.Core.Addresses;
using Hookstream.Core.Diagnoses;
using Hookstream.Core.Encryption;
using Hookstream.Core.Statistics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Hookstream.Api.Tests;

/// <summary>The API on a real Kestrel, on doubles of its ports.</summary>
public sealed class ApiServer : IAsyncLifetime
{
    public const string AdminToken = "hk_admin";

    internal static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private readonly WebApplication _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler());

    public ApiServer()
        : this(options => options)
    {
    }

    internal ApiServer(
        Func<ApiOptions, ApiOptions> configure,
        IQueueHealth? queue = null,
        IDiagnosisModel? model = null,
        MetricsEndpointOptions? metrics = null)
    {
        Clock.SetUtcNow(Now);
        Tenants = new TenantStore(Clock);
        Events = new EventStore(Clock);
        Subscribers = new SubscriberStore(Clock);
        Tenant = Tenants.Add("default", "acme");
        Key = Tenants.AddKey(Tenant);

        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(Logs).AddFilter("Microsoft", LogLevel.Warning);
        if (model is not null)
            builder.Services.AddSingleton(model);
        builder.Services
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IMeterFactory>(Meters)
            .AddSingleton<ITenantStore>(Tenants)
            .AddSingleton<IEventStore>(Events)
            .AddSingleton<ISubscriberStore>(Subscribers)
            .AddSingleton<IDeliveryStore>(Deliveries)
            .AddSingleton<IStoreMaintenance>(Maintenance)
            .AddSingleton<IEndpointProbe>(Probe)
            .AddSingleton<IStoreEncryption>(Encryption)
            .AddSingleton<IStatisticsStore>(Statistics)
            .AddHookstreamApi(configure(new ApiOptions
            {
                AdminToken = KeyHash.Of(AdminToken),
                Destinations = new DestinationRules { Addresses = AddressGuard.WithLoopback },
                Version = "1.2.3",
                StartedAt = Now - TimeSpan.FromSeconds(90),
            }));
        if (queue is not null)
            builder.Services.AddSingleton(queue);
        _app = builder.Build();
        _app.MapHookstreamApi();
        if (metrics is not null)
            _app.MapHookstreamMetrics(metrics, context => context.Response.WriteAsync("scraped"));
    }

    internal FakeTimeProvider Clock { get; } = new();

    internal RecordedMeters Meters { get; } = new();

    internal TenantStore Tenants { get; }

    internal EventStore Events { get; }

    internal SubscriberStore Subscribers { get; }

    internal DeliveryStore Deliveries { get; } = new();

    internal Maintenance Maintenance { get; } = new();

    internal Probe Probe { get; } = new();

    internal StoreEncryption Encryption { get; } = new();

    internal StatisticsStore Statistics { get; } = new();

    internal LogCollector Logs { get; } = new();

    internal Tenant Tenant { get; }

    public string Key { get; }

    internal Uri Address => _client.BaseAddress!;

    internal IEnumerable<Endpoint> Endpoints => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints);

    /// <summary>Tells the process to stop; it goes on.</summary>
    internal void BeginStop() => _app.Lifetime.StopApplication();

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync();
        _client.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        Meters.Dispose();
    }

    internal Task<Answered> GetAsync(string path, string? key = null) => SendAsync(HttpMethod.Get, path, null, key);

    internal Task<Answered> PostAsync(string path, string? json, string? key = null) =>
        SendAsync(HttpMethod.Post, path, json, key);

    internal Task<Answered> SendAsync(HttpMethod method, string path, string? json, string? key = null) =>
        SendAsync(Request(method, path, json is null ? null : Json(Encoding.UTF8.GetBytes(json)), key));

    internal HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content = null, string? key = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? Key);
        return request;
    }

    internal static ByteArrayContent Json(byte[] body, string? contentType = "application/json")
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }

    internal async Task<Answered> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var headers = response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
            return new Answered(
                (int)response.StatusCode, headers, text, text.StartsWith('{') ? JsonElement.Parse(text) : default);
        }
    }
}
