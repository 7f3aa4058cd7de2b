namespace Hookstream.Core.Stores;

/// <summary>The store cannot take this now: it is away, or more waits in front of it than it may. Safe to try again.</summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Makes the exception.</summary>
    public StoreUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>When to try again, as told to API clients in <c>Retry-After</c>.</summary>
    public static TimeSpan RetryAfter => TimeSpan.FromSeconds(1);
}
