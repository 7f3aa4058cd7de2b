namespace Hookstream.Delivery;

/// <summary>
/// Tells what is worth a line in the log: that the store is away, once per outage, however often something is tried meanwhile;
/// anything else each time.
/// </summary>
internal sealed class StoreOutage
{
    private bool _away;

    public bool IsNews(Exception failure)
    {
        if (failure is not StoreUnavailableException)
            return true;
        var news = !_away;
        _away = true;
        return news;
    }

    /// <summary>It works again.</summary>
    public void Over() => _away = false;
}
