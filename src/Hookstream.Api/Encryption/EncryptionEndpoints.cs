using Hookstream.Api.Json;
using Hookstream.Api.Problems;
using Hookstream.Api.Routing;
using Hookstream.Core.Encryption;

namespace Hookstream.Api.Encryption;

/// <summary><c>/api/v1/encryption</c>: the operator's change of the encryption key.</summary>
internal sealed class EncryptionEndpoints(IStoreEncryption encryption, TimeProvider time) : IResourceEndpoints
{
    // Well within what clients and proxies wait for an answer.
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(5);

    public void Map(ApiRoutes routes) =>
        routes.Map(new ApiOperation(HttpMethods.Post, "/api/v1/encryption/rotate", "rotateEncryption", "Encryption", Access.Admin)
        {
            Summary = "Encrypt everything anew that is not under the newest key",
            Description = "Works for a few seconds in chunks, while everything else goes on; call again until it is complete.",
            Answer = typeof(Envelope<ReencryptionResponse>),
            Problems = [ProblemCode.Conflict],
        }, RotateAsync);

    private async Task<IResult> RotateAsync(ApiCall call)
    {
        var (_, problem) = await call.ReadBodyAsync([], optional: true);
        if (problem is not null)
            return problem;
        if (call.Errors.Any)
            return call.Errors.ToProblem();
        try
        {
            return Answer.Ok(await ReencryptAsync(call.Cancellation), ApiJson.Shared.EnvelopeReencryptionResponse);
        }
        catch (EncryptionKeyMismatchException exception)
        {
            return new Problem(ProblemCode.Conflict, exception.Message + ".");
        }
    }

    private async Task<ReencryptionResponse> ReencryptAsync(CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var total = 0L;
        while (true)
        {
            // A pass that had nothing to write anew and met nobody has seen everything under the newest key.
            var (found, next) = (0, (SubscriberId?)null);
            do
            {
                var chunk = await encryption.ReencryptAsync(next, cancellation);
                total += chunk.Records;
                found += chunk.Records + chunk.Missed;
                next = chunk.Next;
                if (time.GetElapsedTime(started) >= LongestCall && (next is not null || found > 0))
                    return new ReencryptionResponse(total, Complete: false);
            }
            while (next is not null);

            if (found == 0)
                return new ReencryptionResponse(total, Complete: true);
        }
    }
}
