namespace Hookstream.Core.Encryption;

/// <summary>What came of one chunk.</summary>
/// <param name="Records">How many records were encrypted anew.</param>
/// <param name="Missed">How many subscribers were changed by somebody else meanwhile; look at them again from the beginning.</param>
/// <param name="Next">Where the next chunk begins; null: that was the last one.</param>
public readonly record struct ReencryptedChunk(int Records, int Missed, SubscriberId? Next);
