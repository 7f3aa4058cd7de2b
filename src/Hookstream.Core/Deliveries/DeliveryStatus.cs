namespace Hookstream.Core.Deliveries;

/// <summary>
/// Where a delivery is in its life. The values are stored, but for <see cref="Held"/>, which is worked out on reading.
/// </summary>
public enum DeliveryStatus
{
    /// <summary>Not attempted yet in this schedule.</summary>
    Pending = 0,

    /// <summary>Failed; a retry is scheduled.</summary>
    Failed = 1,

    /// <summary>Delivered: answered with 2xx.</summary>
    Delivered = 2,

    /// <summary>Its budget is spent or it waited too long; a person can replay it.</summary>
    DeadLetter = 3,

    /// <summary>Cancelled by a person, or its endpoint was deleted or disabled.</summary>
    Cancelled = 4,

    /// <summary>Unfinished, and its endpoint's gate is shut.</summary>
    Held = 5,
}
