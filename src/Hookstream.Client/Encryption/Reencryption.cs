namespace Hookstream.Client.Encryption;

/// <summary>What came of bringing the store under the newest encryption key.</summary>
public sealed record Reencryption
{
    /// <summary>How many records were encrypted anew by this call.</summary>
    public required long Reencrypted { get; init; }

    /// <summary>True: everything is under the newest key. False: there is more to do; call again.</summary>
    public required bool Complete { get; init; }
}
