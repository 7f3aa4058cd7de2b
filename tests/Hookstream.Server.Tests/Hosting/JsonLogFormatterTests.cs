using System.Text;
using System.Text.Json;
using Hookstream.Core.Deliveries;
using Hookstream.Core.Subscribers;
using Hookstream.Server.Hosting;
using Microsoft.Extensions.Logging;
using ZLogger;

namespace Hookstream.Server.Tests.Hosting;

// The level is always on here.
#pragma warning disable CA1873

public sealed class JsonLogFormatterTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2));

    [Fact]
    public void Line_begins_with_when_how_bad_where_and_what()
    {
        var line = Write(logger => logger.LogWarning("Something about {Count} things", 7));

        line.EnumerateObject().Select(property => property.Name)
            .ShouldBe(["timestamp", "level", "category", "message", "count"]);
        line.GetProperty("timestamp").GetString().ShouldNotBeNull().ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
        line.GetProperty("level").GetString().ShouldBe("warn");
        line.GetProperty("category").GetString().ShouldBe("Some.Category");
        line.GetProperty("message").GetString().ShouldBe("Something about 7 things");
        line.GetProperty("count").GetInt32().ShouldBe(7);
    }

    [Theory]
    [InlineData(LogLevel.Trace, "trace")]
    [InlineData(LogLevel.Debug, "debug")]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Error, "error")]
    [InlineData(LogLevel.Critical, "fatal")]
    public void Level_is_written_as_LOG_LEVEL_writes_it(LogLevel level, string word) =>
        Write(logger => logger.Log(level, "x")).GetProperty("level").GetString().ShouldBe(word);

    [Fact]
    public void Parameters_are_scalars_under_snake_case_names()
    {
        var delivery = DeliveryId.New(Now);
        var line = Write(logger => logger.LogInformation(
            "{Delivery} {StatusCode} {DurationMs} {NextAttemptAt} {Outcome} {Late} {@event}",
            delivery, null, 1.5, Now, AttemptOutcome.HttpStatus, true, SubscriberId.From(Guid.Empty)));

        line.GetProperty("delivery").GetString().ShouldBe(delivery.ToString());
        line.GetProperty("status_code").ValueKind.ShouldBe(JsonValueKind.Null);
        line.GetProperty("duration_ms").GetDouble().ShouldBe(1.5);
        line.GetProperty("next_attempt_at").GetString().ShouldBe("2026-01-02T01:04:05.678Z");
        line.GetProperty("outcome").GetString().ShouldBe("http_status");
        line.GetProperty("late").GetBoolean().ShouldBeTrue();
        line.GetProperty("event").GetString().ShouldBe("sub_00000000000000000000000000");
    }

    [Fact]
    public void Objects_are_not_taken_apart() =>
        Write(logger => logger.LogInformation("{Holder}", new Holder("whsec_hidden")))
            .GetProperty("holder").GetString().ShouldBe("a holder");

    [Theory]
    [InlineData("quote \" backslash \\ newline \n tab \t NUL \0 bell \a")]
    [InlineData("ünïcödé 🚀")]
    public void Any_text_is_one_valid_line(string text)
    {
        var line = Write(logger => logger.LogInformation("{Text}", text));

        line.GetProperty("text").GetString().ShouldBe(text);
        line.GetProperty("message").GetString().ShouldBe(text);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_shown_as_a_replacement()
    {
        var line = Write(logger => logger.LogInformation("{Text}", "half \ud83d of a pair"));

        line.GetProperty("text").GetString().ShouldBe("half \ufffd of a pair");
        line.GetProperty("message").GetString().ShouldBe("half \ufffd of a pair");
    }

    [Fact]
    public void Number_that_json_cannot_hold_is_text() =>
        Write(logger => logger.LogInformation("{Ratio}", double.NaN)).GetProperty("ratio").GetString().ShouldBe("NaN");

    [Fact]
    public void Exception_tells_its_type_message_and_where_it_came_from()
    {
        var exception = Should.Throw<InvalidOperationException>(
            () => throw new InvalidOperationException("outer", new TimeoutException("inner")));

        var line = Write(logger => logger.LogError(exception, "It failed")).GetProperty("exception");

        line.GetProperty("type").GetString().ShouldBe("System.InvalidOperationException");
        line.GetProperty("message").GetString().ShouldBe("outer");
        line.GetProperty("stack_trace").GetString().ShouldNotBeNull().ShouldContain("TimeoutException: inner");
    }

    private static JsonElement Write(Action<ILogger> log)
    {
        using var stream = new MemoryStream();
        using (var factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddZLoggerStream(
            stream, options => options.UseFormatter(() => new JsonLogFormatter()))))
            log(factory.CreateLogger("Some.Category"));
        var lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return JsonElement.Parse(lines.ShouldHaveSingleItem());
    }

    private sealed record Holder(string Secret)
    {
        public override string ToString() => "a holder";
    }
}
