namespace Hookstream.Core.Subscribers;

/// <summary>What a person sees of a subscriber's gate.</summary>
public enum SubscriberStatus
{
    /// <summary>Delivered to.</summary>
    Active,

    /// <summary>Its deliveries are held until it has answered the challenge.</summary>
    PendingVerification,

    /// <summary>Its deliveries are held until a person resumes it.</summary>
    Paused,

    /// <summary>Gets no events; what was pending was cancelled. Resuming enables it again.</summary>
    Disabled,
}
