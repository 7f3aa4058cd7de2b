namespace Hookstream.Core.Subscribers;

/// <summary>Sends single requests to an endpoint outside the queue: the challenge and test events.</summary>
public interface IEndpointProbe
{
    /// <summary>
    /// Sends the challenge now, records what came of it, and says so.
    /// </summary>
    Task<ChallengeResult> ChallengeAsync(EndpointSnapshot endpoint, CancellationToken cancellation);

    /// <summary>
    /// Sends a <c>hookstream.test</c> event, past every hold, without retries; nothing is stored.
    /// </summary>
    Task<Attempt> TestAsync(EndpointSnapshot endpoint, CancellationToken cancellation);
}
