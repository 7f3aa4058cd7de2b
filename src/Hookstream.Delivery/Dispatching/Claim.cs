namespace Hookstream.Delivery.Dispatching;

/// <summary>A lease from its claim until it is settled, released or given up. Guarded by its ledger's lock.</summary>
internal sealed class Claim : IThreadPoolWorkItem
{
    public required Lease Lease { get; init; }

    public required EndpointLane Lane { get; init; }

    /// <summary>When it took its slot, in seconds of the ledger.</summary>
    public required double Begun { get; init; }

    /// <summary>Timestamp of a moment before it was claimed or last renewed.</summary>
    public required long HeldSince { get; set; }

    /// <summary>What to send; set before it is started.</summary>
    public DeliveryWork? Work { get; set; }

    /// <summary>Who sends it; set before it is started.</summary>
    public DeliverySend? Sender { get; set; }

    /// <summary>True while it holds a slot.</summary>
    public bool HoldsSlot { get; set; } = true;

    /// <summary>True once closed, or once its lease was found lost: it is not renewed any more.</summary>
    public bool Ended { get; set; }

    public LinkedListNode<Claim>? Node { get; set; }

    public void Execute() => Sender!.Start(this);
}
