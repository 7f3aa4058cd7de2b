using Hookstream.EndToEnd.Tests.Receivers;

namespace Hookstream.EndToEnd.Tests.Api;

/// <summary>A subscriber and where its deliveries arrive.</summary>
internal sealed record Subscription(string Id, string Secret, Endpoint Endpoint);
