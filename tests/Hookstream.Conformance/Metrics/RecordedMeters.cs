using System.Diagnostics.Metrics;

namespace Hookstream.Conformance.Metrics;

/// <summary>Makes meters, and keeps all that is measured with them.</summary>
public sealed class RecordedMeters : IMeterFactory
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly List<Meter> _meters = [];
    private readonly List<Measured> _recorded = [];
    private List<Measured> _observed = [];

    public RecordedMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, this))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>(Keep);
        _listener.Start();
    }

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        lock (_lock)
            _meters.Add(meter);
        return meter;
    }

    /// <summary>Every value of an instrument that was recorded; of one that is asked, what it answers now.</summary>
    /// <param name="instrument">Its name.</param>
    /// <param name="tags">Tags that it must have, as <c>name=value</c>.</param>
    public IReadOnlyList<double> Values(string instrument, params string[] tags) =>
        [.. Read().Where(measured => measured.Instrument == instrument && tags.All(measured.Tags.Contains)).Select(measured => measured.Value)];

    /// <summary>The one value of an instrument.</summary>
    public double Value(string instrument, params string[] tags) => Values(instrument, tags).Single();

    /// <summary>The values of an instrument together.</summary>
    public double Sum(string instrument, params string[] tags) => Values(instrument, tags).Sum();

    /// <summary>The values that a tag of an instrument has.</summary>
    public IReadOnlySet<string> TagValues(string instrument, string tag) => Read()
        .Where(measured => measured.Instrument == instrument)
        .SelectMany(measured => measured.Tags)
        .Where(pair => pair.StartsWith(tag + "=", StringComparison.Ordinal))
        .Select(pair => pair[(tag.Length + 1)..])
        .ToHashSet();

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }

    private List<Measured> Read()
    {
        lock (_lock)
        {
            _observed = [];
            _listener.RecordObservableInstruments();
            return [.. _recorded, .. _observed];
        }
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state = null)
    {
        var pairs = new List<string>(tags.Length);
        foreach (var (name, text) in tags)
            pairs.Add($"{name}={text}");
        lock (_lock)
            (instrument.IsObservable ? _observed : _recorded).Add(new Measured(instrument.Name, value, pairs));
    }

    private sealed record Measured(string Instrument, double Value, IReadOnlyList<string> Tags);
}
