namespace Hookstream.Client.Keys;

/// <summary>An API key just created, with the key that is shown this once.</summary>
public sealed record CreatedApiKey : ApiKey
{
    /// <summary>The key, to be sent as a bearer token. Keep it: the server holds only its hash.</summary>
    public required string Key { get; init; }
}
