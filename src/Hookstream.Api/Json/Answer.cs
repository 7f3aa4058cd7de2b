using System.Text.Json.Serialization.Metadata;
using Hookstream.Api.Paging;
using Hookstream.Core.Paging;

namespace Hookstream.Api.Json;

/// <summary>Makes the answers of calls that went well.</summary>
internal static class Answer
{
    public const string ContentType = "application/json";

    public static readonly IResult NoContent = TypedResults.NoContent();

    public static IResult Ok<T>(T data, JsonTypeInfo<Envelope<T>> typeInfo, string? message = null) =>
        With(StatusCodes.Status200OK, data, typeInfo, message);

    public static IResult Accepted<T>(T data, JsonTypeInfo<Envelope<T>> typeInfo) =>
        With(StatusCodes.Status202Accepted, data, typeInfo);

    public static IResult Created<T>(string location, T data, JsonTypeInfo<Envelope<T>> typeInfo, string? message = null) =>
        new JsonAnswer<Envelope<T>>(
            StatusCodes.Status201Created, new Envelope<T>(data) { Message = message }, typeInfo) { Location = location };

    public static IResult List<TItem, TShown>(
        Page<TItem> page, PageRequest request, Func<TItem, TShown> show, JsonTypeInfo<ListEnvelope<TShown>> typeInfo)
    {
        var meta = new PageMeta(request.Limit, page.Next is { } next ? Cursor.Format(next) : null);
        return new JsonAnswer<ListEnvelope<TShown>>(
            StatusCodes.Status200OK, new ListEnvelope<TShown>([.. page.Items.Select(show)], meta), typeInfo);
    }

    private static JsonAnswer<Envelope<T>> With<T>(
        int status, T data, JsonTypeInfo<Envelope<T>> typeInfo, string? message = null) =>
        new(status, new Envelope<T>(data) { Message = message }, typeInfo);
}
