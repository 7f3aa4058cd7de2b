using Hookstream.Api.Json;
using Hookstream.Api.Problems;
using Hookstream.Api.Routing;
using Hookstream.Core.Diagnoses;

namespace Hookstream.Api.Diagnoses;

/// <summary><c>/api/v1/deliveries/diagnose</c>: why an endpoint fails.</summary>
internal sealed class DiagnosisEndpoints(DiagnosisLimiter limiter, EndpointDiagnoser? diagnoser = null) : IResourceEndpoints
{
    private const string Path = "/api/v1/deliveries/diagnose";

    private static readonly Problem NotConfigured = new(
        ProblemCode.AiNotConfigured, "This deployment has no AI provider; the operator can set ANTHROPIC_API_KEY.");

    private static readonly Problem NotFound = Problem.NotFound("subscriber");

    public void Map(ApiRoutes routes) =>
        routes.Map(new ApiOperation(HttpMethods.Post, Path, "diagnoseDeliveries", "Deliveries", Access.Manage)
        {
            Summary = "Ask an AI model why an endpoint fails",
            Description = "Sends the deployment's AI provider what is known of the subscriber's last failed attempts: status codes, outcomes, "
                + "times, the state of the circuit, and excerpts of what the endpoint answered, without secrets, header values and "
                + "payloads. `data` is null, with a message, when nothing has failed lately. At most 10 a minute for each tenant.",
            Body = typeof(DiagnosisRequest),
            Answer = typeof(Envelope<DiagnosisResponse>),
            Problems = [ProblemCode.NotFound, ProblemCode.AiNotConfigured, ProblemCode.AiFailed, ProblemCode.AiTimeout],
        }, DiagnoseAsync);

    private async Task<IResult> DiagnoseAsync(ApiCall call)
    {
        var (fields, problem) = await call.ReadBodyAsync(DiagnosisRequest.FieldNames);
        if (fields is null)
            return problem!;
        fields.Require("subscriber_id");
        var subscriber = fields.Id<SubscriberId>("subscriber_id");
        var limit = fields.Integer("limit", 1, DiagnosisRequest.MaxLimit) ?? DiagnosisRequest.DefaultLimit;
        if (call.Errors.Any)
            return call.Errors.ToProblem();
        if (diagnoser is null)
            return NotConfigured;
        if (limiter.Refuse(call.Tenant) is { } refused)
            return refused;

        var result = await diagnoser.DiagnoseAsync(call.Tenant, subscriber!.Value, limit, call.Cancellation);
        return result.Outcome switch
        {
            DiagnosisOutcome.Diagnosed =>
                Answer.Ok(DiagnosisResponse.Of(result.Diagnosis!), ApiJson.Shared.EnvelopeDiagnosisResponse),
            DiagnosisOutcome.NoFailures =>
                Answer.Ok(null!, ApiJson.Shared.EnvelopeDiagnosisResponse, "None of this subscriber's recent attempts has failed."),
            DiagnosisOutcome.Failed => new Problem(ProblemCode.AiFailed, result.Detail!),
            DiagnosisOutcome.TimedOut => new Problem(ProblemCode.AiTimeout, result.Detail!),
            _ => NotFound,
        };
    }
}
