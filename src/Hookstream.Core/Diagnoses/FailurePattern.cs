namespace Hookstream.Core.Diagnoses;

/// <summary>What kind of trouble an endpoint has.</summary>
public enum FailurePattern
{
    /// <summary>It comes and goes; retries are likely to succeed.</summary>
    Transient,

    /// <summary>The same request fails each time, for a reason of the endpoint's own.</summary>
    Systematic,

    /// <summary>The endpoint refuses who is asking: credentials, signature, permission.</summary>
    Auth,

    /// <summary>Nothing answers there.</summary>
    EndpointDown,

    /// <summary>The endpoint asks for fewer requests.</summary>
    RateLimited,

    /// <summary>The evidence does not tell.</summary>
    Unknown,
}
