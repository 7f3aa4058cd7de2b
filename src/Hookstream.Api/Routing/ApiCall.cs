using System.Buffers;
using System.Text.Json;
using Hookstream.Api.Authentication;
using Hookstream.Api.Json;
using Hookstream.Api.Problems;
using Hookstream.Core.Ids;
using Microsoft.AspNetCore.Routing;

namespace Hookstream.Api.Routing;

/// <summary>A call that may be made: who makes it, and what of it has been found wrong so far.</summary>
internal sealed class ApiCall
{
    // Far above what any body but an event's can need, with all its fields at their longest.
    private const int MaxBodyBytes = 131_072;

    public ApiCall(HttpContext context, Caller caller, ApiOperation operation)
    {
        Context = context;
        Caller = caller;
        Query = QueryReader.Of(context.Request, operation.QueryNames, Errors);
    }

    public HttpContext Context { get; }

    public Caller Caller { get; }

    public TenantId Tenant => Caller.Tenant;

    public ValidationErrors Errors { get; } = new();

    public QueryReader Query { get; }

    public CancellationToken Cancellation => Context.RequestAborted;

    /// <summary>Reads an id from the path. False: it is malformed, which is answered like one that does not exist.</summary>
    public bool TryGetId<T>(out T id, string name = "id")
        where T : struct, ITypeId<T> => T.TryParse(Context.GetRouteValue(name) as string, out id);

    /// <summary>Reads the body's fields; null, and a problem, when there are none to read.</summary>
    public async Task<(FieldReader? Fields, Problem? Problem)> ReadBodyAsync(
        IReadOnlyCollection<string> known, bool optional = false, IReadOnlyDictionary<string, string>? elsewhere = null)
    {
        var request = Context.Request;
        if (request.ContentLength > MaxBodyBytes
            || await BodyReading.ReadToEndAsync(request.BodyReader, MaxBodyBytes, Cancellation) is not { } buffer)
            return (null, BodyReading.TooLarge(MaxBodyBytes));
        var body = buffer.ToArray();
        request.BodyReader.AdvanceTo(buffer.End);

        if (body.Length == 0)
            return optional ? (FieldReader.Empty(Errors), null) : (null, BodyReading.Missing);
        if (!MediaType.IsJson(request.ContentType))
            return (null, BodyReading.WrongType);
        if (JsonScan.Check(body) is { } invalid)
            return (null, invalid);
        var root = JsonElement.Parse(body);
        return root.ValueKind == JsonValueKind.Object
            ? (FieldReader.Of(root, known, Errors, elsewhere), null)
            : (null, BodyReading.NotAnObject);
    }
}
