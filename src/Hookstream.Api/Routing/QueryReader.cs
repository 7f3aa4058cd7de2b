using System.Globalization;
using Hookstream.Api.Json;
using Hookstream.Api.Paging;
using Hookstream.Api.Problems;
using Hookstream.Core.Ids;
using Hookstream.Core.Paging;

namespace Hookstream.Api.Routing;

/// <summary>Reads query parameters by name. Null stands for one that is absent or, as the errors tell, not valid.</summary>
internal sealed class QueryReader(IQueryCollection query, ValidationErrors errors)
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    public static readonly IReadOnlyList<QueryParameter> Paging =
    [
        new("limit", "Most items on a page, 1 to 100; 20 when left out.") { IsInteger = true },
        new("cursor", "Where to go on: `meta.next_cursor` of the page before."),
    ];

    public static readonly IReadOnlyList<QueryParameter> Created =
    [
        new("since", "Created at this time or later (RFC 3339)."),
        new("until", "Created before this time (RFC 3339)."),
    ];

    /// <summary>Notes unknown and repeated parameters.</summary>
    public static QueryReader Of(HttpRequest request, IReadOnlyList<string> known, ValidationErrors errors)
    {
        if (request.QueryString.HasValue)
        {
            foreach (var (name, values) in request.Query)
            {
                if (!known.Contains(name, StringComparer.Ordinal))
                    errors.AddUnknown(name, known, "query parameter");
                else if (values.Count > 1)
                    errors.Add(name, "is given more than once");
            }
        }

        return new QueryReader(request.Query, errors);
    }

    public PageRequest Page()
    {
        var limit = DefaultLimit;
        if (Text("limit") is { } limitText
            && (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                || limit is < 1 or > MaxLimit))
            errors.Add("limit", $"must be a whole number from 1 to {MaxLimit}");

        Guid? after = null;
        if (Text("cursor") is { } cursor)
        {
            if (Cursor.TryParse(cursor, out var last))
                after = last;
            else
                errors.Add("cursor", "must be the 'next_cursor' of an earlier page of this list");
        }

        return new PageRequest(limit, after);
    }

    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (Rfc3339.TryParse(text, out var time))
            return time;
        errors.Add(name, $"must be {Rfc3339.Accepted}");
        return null;
    }

    public T? Id<T>(string name)
        where T : struct, ITypeId<T>
    {
        if (Text(name) is not { } text)
            return null;
        if (T.TryParse(text, out var id))
            return id;
        errors.Add(name, $"must be {IdText.Accepted<T>()}");
        return null;
    }

    public T? OneOf<T>(string name, WordSet<T> words)
        where T : struct
    {
        if (Text(name) is not { } text)
            return null;
        if (words.TryParse(text, out var word))
            return word;
        errors.Add(name, $"must be {words.Accepted}");
        return null;
    }

    public EventType? EventType(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (Core.Events.EventType.TryParse(text, out var type))
            return type;
        errors.Add(name, $"must be an event type: {Core.Events.EventType.Accepted}");
        return null;
    }

    private string? Text(string name) =>
        query.TryGetValue(name, out var values) && values.Count == 1 ? values[0] ?? "" : null;
}
