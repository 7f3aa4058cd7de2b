namespace Hookstream.Api.Tests.Doubles;

internal static class Pages
{
    /// <summary>Newest first, as the ports promise.</summary>
    public static Page<T> Of<T>(IEnumerable<T> items, Func<T, Guid> idOf, PageRequest request)
    {
        var rest = items.OrderByDescending(item => idOf(item).ToString("N"), StringComparer.Ordinal)
            .Where(item => request.After is not { } after
                || string.CompareOrdinal(idOf(item).ToString("N"), after.ToString("N")) < 0)
            .ToList();
        var page = rest.Take(request.Limit).ToList();
        return new Page<T>(page, rest.Count > page.Count ? idOf(page[^1]) : null);
    }
}
