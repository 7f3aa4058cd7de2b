using Hookstream.Storage.Postgres.Subscribers;

namespace Hookstream.Storage.Postgres.Catalogs;

/// <summary>A tenant as the store has it at a version, with what belongs to it; a deleted one has nothing.</summary>
internal sealed record TenantContent(
    TenantEntry Entry,
    long Version,
    bool Deleted,
    IReadOnlyDictionary<KeyHash, ApiKey> Keys,
    IReadOnlyList<SubscriberRow> Subscribers);
