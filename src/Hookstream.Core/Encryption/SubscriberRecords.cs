namespace Hookstream.Core.Encryption;

/// <summary>What a store holds encrypted of one subscriber.</summary>
/// <param name="Secret">The newest signing secret.</param>
/// <param name="PreviousSecret">The one before it.</param>
/// <param name="Headers">The headers.</param>
internal sealed record SubscriberRecords(byte[] Secret, byte[]? PreviousSecret, byte[]? Headers);
