namespace Hookstream.Client.Subscribers;

/// <summary>A signing secret that is to follow another; what is null takes the server's default.</summary>
internal sealed record NewSecret(string? Secret, long? GracePeriodSeconds);
