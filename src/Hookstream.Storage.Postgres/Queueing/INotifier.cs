namespace Hookstream.Storage.Postgres.Queueing;

/// <summary>Tells the other nodes, soon, what this one has committed; what gets lost they find by polling.</summary>
internal interface INotifier
{
    /// <summary>A tenant, its keys or its subscribers have changed.</summary>
    void CatalogChanged(long tenantNo);

    /// <summary>Something of a lane is due at <paramref name="due"/> or later, in milliseconds.</summary>
    void LaneDue(long subscriberNo, int laneClass, long due);
}
