using Hookstream.Core.Encryption;

namespace Hookstream.Api.Tests.Doubles;

internal sealed class StoreEncryption : IStoreEncryption
{
    public Func<SubscriberId?, ReencryptedChunk> OnReencrypt { get; set; } = _ => default;

    public Task<ReencryptedChunk> ReencryptAsync(SubscriberId? after, CancellationToken cancellation) =>
        Task.FromResult(OnReencrypt(after));
}
