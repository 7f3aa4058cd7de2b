namespace Hookstream.Core.Stores;

/// <summary>What waits of one tenant.</summary>
/// <param name="Name">The tenant's name; two may have the same.</param>
/// <param name="Depth">Its deliveries that are not finished, those that are held included.</param>
public readonly record struct TenantBacklog(string Name, long Depth);
