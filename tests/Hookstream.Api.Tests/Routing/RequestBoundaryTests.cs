using Hookstream.Api.Metrics;
using Hookstream.Api.Routing;
using Hookstream.Api.Tests.Doubles;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hookstream.Api.Tests.Routing;

public sealed class RequestBoundaryTests
{
    public static TheoryData<Exception, bool, int, int> Failures() => new()
    {
        { new ConnectionResetException("gone"), false, 499, 0 },
        { new OperationCanceledException(), true, 499, 0 },
        { new IOException("the disk"), true, 499, 0 },
        { new OperationCanceledException(), false, 503, 0 },
        { new StoreUnavailableException("full"), false, 503, 0 },
        { new BadHttpRequestException("bad chunk"), false, 400, 0 },
        { new BadHttpRequestException("too slow", 408), false, 408, 0 },
        { new IOException("the disk"), false, 500, 1 },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Failure_is_answered_and_logged_unless_the_client_has_gone(
        Exception failure, bool aborted, int status, int logged)
    {
        using var logs = new LogCollector();
        using var factory = new LoggerFactory([logs]);
        using var lifetime = new Lifetime();
        var boundary = new RequestBoundary(
            _ => throw failure, new ApiMetrics(TimeProvider.System), factory.CreateLogger<RequestBoundary>(), lifetime);
        var context = new DefaultHttpContext { RequestAborted = new CancellationToken(aborted) };

        await boundary.InvokeAsync(context);

        context.Response.StatusCode.ShouldBe(status);
        logs.Entries.Count(entry => entry.Level >= LogLevel.Warning).ShouldBe(logged);
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "close")]
    public async Task Connections_are_closed_with_their_answers_while_the_process_stops(bool stopping, string connection)
    {
        using var logs = new LogCollector();
        using var factory = new LoggerFactory([logs]);
        using var lifetime = new Lifetime();
        var boundary = new RequestBoundary(
            _ => Task.CompletedTask, new ApiMetrics(TimeProvider.System), factory.CreateLogger<RequestBoundary>(), lifetime);
        var context = new DefaultHttpContext();
        if (stopping)
            lifetime.StopApplication();

        await boundary.InvokeAsync(context);

        context.Response.Headers.Connection.ToString().ShouldBe(connection);
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
