namespace Hookstream.Core.Deliveries;

/// <summary>What becomes of a delivery after an attempt.</summary>
public enum Disposition
{
    /// <summary>Delivered.</summary>
    Delivered,

    /// <summary>Failed; due again after <see cref="Settlement.RetryIn"/>.</summary>
    Retry,

    /// <summary>To the dead letter queue.</summary>
    DeadLetter,

    /// <summary>Cut off or not sent at all: due again at once, and no budget is spent.</summary>
    Release,
}
