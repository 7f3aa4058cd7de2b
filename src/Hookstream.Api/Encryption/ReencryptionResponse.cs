namespace Hookstream.Api.Encryption;

/// <summary>What came of bringing the store under the newest encryption key.</summary>
/// <param name="Reencrypted">How many records were encrypted anew by this call.</param>
/// <param name="Complete">True: everything is under the newest key. False: there is more to do; call again.</param>
internal sealed record ReencryptionResponse(long Reencrypted, bool Complete);
