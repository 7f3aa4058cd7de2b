using System.Text;

namespace Hookstream.Api.Tests.Doubles;

internal sealed class Probe : IEndpointProbe
{
    public bool Answers { get; set; } = true;

    public Task<ChallengeResult> ChallengeAsync(EndpointSnapshot endpoint, CancellationToken cancellation) =>
        Task.FromResult(new ChallengeResult(Answers, Attempt(), Answers ? null : "the body held another challenge"));

    public Task<Attempt> TestAsync(EndpointSnapshot endpoint, CancellationToken cancellation) => Task.FromResult(Attempt());

    public static Attempt Attempt() => new()
    {
        Id = AttemptId.New(ApiServer.Now),
        Number = 1,
        Trigger = AttemptTrigger.Test,
        StartedAt = ApiServer.Now,
        Duration = TimeSpan.FromMilliseconds(12.7),
        Outcome = AttemptOutcome.HttpStatus,
        StatusCode = 418,
        Error = "answered 418",
        RequestHeaders = "{\"User-Agent\":\"Hookstream/1\"}"u8.ToArray(),
        ResponseHeaders = "{\"Server\":\"tea\"}"u8.ToArray(),
        ResponseBody = Encoding.UTF8.GetBytes("short and stout").Append((byte)0xff).ToArray(),
    };
}
