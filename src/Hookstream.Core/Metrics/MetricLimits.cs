namespace Hookstream.Core.Metrics;

/// <summary>How many values labels take before the rest reads <see cref="LabelValues.Other"/>.</summary>
public static class MetricLimits
{
    /// <summary>Tenants.</summary>
    public const int Tenants = 1_000;

    /// <summary>Types of events.</summary>
    public const int EventTypes = 200;

    /// <summary>Endpoints.</summary>
    public const int Endpoints = 1_000;

    /// <summary>Tenants together with a type of events: each alone leaves room for 200,000.</summary>
    public const int TenantsAndTypes = 2_000;
}
