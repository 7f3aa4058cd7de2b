namespace Hookstream.Core.Subscribers;

/// <summary>Whether a subscriber must prove that it wants the webhooks. The values are stored; larger asks for more.</summary>
public enum VerificationMode
{
    /// <summary>No challenge is sent.</summary>
    None = 0,

    /// <summary>A challenge is sent; nothing waits for its answer.</summary>
    Optional = 1,

    /// <summary>A challenge is sent; deliveries are held until it is answered.</summary>
    Required = 2,
}
