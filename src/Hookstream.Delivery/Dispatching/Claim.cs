namespace Hookstream.Delivery.Dispatching;

/// <summary>A lease from its claim until it is settled, released or given up. Guarded by its ledger's lock.</summary>
internal sealed class Claim : IThreadPoolWorkItem
{
    public required Lease Lease { get; init; }

    public required EndpointLane Lane { get; init; }

    /// <summary>When it took its slot, in seconds of the ledger.</summary>
    public double Begun { get; set; }

    /// <summary>When it was entered, in seconds of the ledger.</summary>
    public required double Entered { get; init; }

    /// <summary>Timestamp of a moment before it was claimed or last renewed.</summary>
    public required long HeldSince { get; set; }

    /// <summary>What to send; set as soon as it is loaded.</summary>
    public DeliveryWork? Work { get; set; }

    /// <summary>Who sends it; set before it is started.</summary>
    public DeliverySend? Sender { get; set; }

    /// <summary>True while it counts against the slots of the process.</summary>
    public bool IsOut { get; set; } = true;

    /// <summary>True while it holds a slot of its endpoint: it is sent, or will be as soon as it is loaded.</summary>
    public bool HoldsSlot { get; set; }

    /// <summary>True once it is loaded.</summary>
    public bool IsReady { get; set; }

    /// <summary>True when it waited for its slot, so that its endpoint may have been paused since it was claimed.</summary>
    public bool Waited { get; set; }

    /// <summary>True when its send has failed and its outcome is not recorded yet.</summary>
    public bool IsUnrecordedFailure { get; set; }

    /// <summary>Its place among those that wait for a slot of their endpoint.</summary>
    public LinkedListNode<Claim>? Waiting { get; set; }

    /// <summary>True once closed, or once its lease was found lost: it is not renewed any more.</summary>
    public bool Ended { get; set; }

    public LinkedListNode<Claim>? Node { get; set; }

    public void Execute() => Sender!.Start(this);
}
