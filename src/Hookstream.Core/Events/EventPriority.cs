namespace Hookstream.Core.Events;

/// <summary>Which of a tenant's deliveries go first. The values are stored.</summary>
public enum EventPriority
{
    /// <summary><c>high</c>.</summary>
    High = 0,

    /// <summary><c>normal</c>, the default.</summary>
    Normal = 1,

    /// <summary><c>low</c>.</summary>
    Low = 2,
}
