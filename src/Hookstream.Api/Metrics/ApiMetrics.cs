using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Hookstream.Core.Metrics;
using Microsoft.AspNetCore.Routing;

namespace Hookstream.Api.Metrics;

/// <summary>What the API counts: requests by route, and the events that it takes.</summary>
internal sealed class ApiMetrics
{
    /// <summary>The route of what no route matched.</summary>
    public const string NoRoute = "none";

    private static readonly string[] Methods =
        ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    private readonly ConcurrentDictionary<(string Method, string Route, int Status), Series> _requests = new();
    private readonly Tally _ingested;
    private readonly Histogram<double> _ingestDuration;
    private readonly TimeProvider _time;

    public ApiMetrics(TimeProvider time, IMeterFactory? meters = null)
    {
        _time = time;
        var meter = meters.CreateMeter();
        meter.CreateObservableCounter(
            "hookstream.api.requests",
            () => _requests.Values.Select(series => series.Measure()),
            "{request}",
            "Requests that were answered, by route and status.");
        _ingested = meter.CreateTally(
            "hookstream.events.ingested", "{event}", "Events that were accepted and committed; duplicates are not counted again.");
        _ingestDuration = meter.CreateSeconds(
            "hookstream.ingest.duration",
            "From the start of a request that posts events to its answer, where at least one was accepted.",
            Metering.WorkSeconds);
    }

    public long Now => _time.GetTimestamp();

    public TimeSpan Since(long began) => _time.GetElapsedTime(began);

    /// <summary>A request was answered. The route is the template: there are only as many as the program has.</summary>
    public void Answered(HttpContext context)
    {
        var route = RouteOf(context) ?? NoRoute;
        var key = (context.Request.Method, route, context.Response.StatusCode);
        if (!_requests.TryGetValue(key, out var series))
            series = Add(key);
        series.Count.Add();
    }

    /// <summary>The template of the route; null: none matched.</summary>
    public static string? RouteOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;

    /// <summary>The method, which clients may make up, by one of a few names.</summary>
    public static string MethodOf(string method) => Array.Find(Methods, known => known == method) ?? LabelValues.Other;

    /// <summary>A request that posts events was answered.</summary>
    /// <param name="events">How many of them were accepted and are no duplicates.</param>
    /// <param name="began">When it began.</param>
    public void Ingested(int events, long began)
    {
        _ingested.Add(events);
        _ingestDuration.Record(_time.GetElapsedTime(began).TotalSeconds);
    }

    private Series Add((string Method, string Route, int Status) key)
    {
        var method = MethodOf(key.Method);
        return _requests.GetOrAdd((method, key.Route, key.Status), known => new Series(known.Method, known.Route, known.Status));
    }

    private sealed class Series(string method, string route, int status)
    {
        private readonly KeyValuePair<string, object?>[] _tags =
        [
            new("method", method),
            new("route", route),
            new("status", status),
        ];

        public Tally Count { get; } = new();

        public Measurement<long> Measure() => new(Count.Value, _tags);
    }
}
