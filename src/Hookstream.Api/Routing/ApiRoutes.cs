using System.Reflection;
using Hookstream.Api.Authentication;
using Hookstream.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hookstream.Api.Routing;

/// <summary>Maps calls to handlers: request delegates, without the framework's binding, filters and scopes.</summary>
internal sealed class ApiRoutes(IEndpointRouteBuilder builder)
{
    // The API explorer describes endpoints that have a method; the operation describes the rest.
    private static readonly MethodInfo Described =
        typeof(ApiRoutes).GetMethod(nameof(Describe), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Maps a call that is authenticated, and whose query is checked, before the handler gets it.</summary>
    public void Map(ApiOperation operation, Func<ApiCall, Task<IResult>> handler)
    {
        var authenticator = builder.ServiceProvider.GetRequiredService<Authenticator>();
        MapRaw(operation, async context =>
        {
            var verdict = await authenticator.AuthenticateAsync(context, operation.Access, context.RequestAborted);
            if (verdict.Problem is { } refused)
            {
                await refused.ExecuteAsync(context);
                return;
            }

            var call = new ApiCall(context, verdict.Caller, operation);
            var result = TakesNothing(operation) && call.Errors.Any ? call.Errors.ToProblem() : await handler(call);
            await result.ExecuteAsync(context);
        });
    }

    /// <summary>Maps a call whose handler sees to everything itself.</summary>
    public void MapRaw(ApiOperation operation, RequestDelegate handler)
    {
        // RFC 9110, section 9.1: what answers GET answers HEAD. The server leaves the body out.
        string[] methods = operation.Method == HttpMethods.Get ? [operation.Method, HttpMethods.Head] : [operation.Method];
        var endpoint = builder.MapMethods(operation.Pattern, methods, handler)
            .WithName(operation.Name)
            .WithTags(operation.Tag)
            .WithMetadata(operation, Described)
            .WithMetadata(new ProducesResponseTypeMetadata(
                operation.Status, operation.Answer ?? typeof(void), operation.Answer is null ? [] : [Json.Answer.ContentType]));
        foreach (var status in ProblemStatuses(operation))
        {
            endpoint.WithMetadata(new ProducesResponseTypeMetadata(
                status, typeof(ProblemResponse), [Problem.ContentType]));
        }
    }

    // A handler that reads a query or a body looks at the errors when it has read everything, to report all at once.
    private static bool TakesNothing(ApiOperation operation) => operation.Body is null && operation.Query.Count == 0;

    private static IEnumerable<int> ProblemStatuses(ApiOperation operation)
    {
        IEnumerable<ProblemCode> general = operation.Access.Kind == AccessKind.Public
            ? []
            : [
                ProblemCode.ValidationFailed, ProblemCode.Unauthorized, ProblemCode.Forbidden, ProblemCode.RateLimited, ProblemCode.Internal,
                ProblemCode.Unavailable,
            ];
        if (operation.Body is not null)
            general = general.Concat([ProblemCode.PayloadTooLarge, ProblemCode.UnsupportedMediaType]);
        if (operation.Pattern.Contains('{', StringComparison.Ordinal))
            general = general.Append(ProblemCode.NotFound);
        return general.Concat(operation.Problems).Select(code => code.Status).Distinct().Order();
    }

    private static Task Describe(HttpContext context) => Task.CompletedTask;
}
