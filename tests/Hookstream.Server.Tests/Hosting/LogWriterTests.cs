using System.Text;
using Hookstream.Server.Hosting;
using Microsoft.Extensions.Logging;

namespace Hookstream.Server.Tests.Hosting;

public sealed partial class LogWriterTests
{
    [Fact]
    public void Everything_logged_is_written_in_order_when_it_ends()
    {
        using var output = new Output();
        using (var loggers = Open(output))
        {
            var logger = loggers.CreateLogger("test");
            for (var i = 0; i < 10_000; i++)
                Log(logger, i);
        }

        var lines = output.Text.TrimEnd('\n').Split('\n');
        lines.Length.ShouldBe(10_000);
        for (var i = 0; i < lines.Length; i++)
            lines[i].ShouldEndWith($"\"number\":{i}}}");
        output.Writes.ShouldBeLessThan(1_000);
    }

    [Fact]
    public async Task Output_that_fails_loses_its_lines_and_no_later_ones()
    {
        using var output = new Output { Fails = true };
        using (var loggers = Open(output))
        {
            var logger = loggers.CreateLogger("test");
            Log(logger, 1);
            await output.Failed.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
            output.Fails = false;
            Log(logger, 2);
        }

        output.Text.ShouldContain("\"number\":2}");
        output.Text.ShouldNotContain("\"number\":1}");
    }

    private static ILoggerFactory Open(Stream output) =>
        LoggerFactory.Create(logging => JsonLogs.Configure(logging, LogLevel.Information, output));

    [LoggerMessage(1, LogLevel.Information, "It is {Number}")]
    private static partial void Log(ILogger logger, int number);

    private sealed class Output : MemoryStream
    {
        public volatile bool Fails;

        public int Writes { get; private set; }

        public TaskCompletionSource Failed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Text => Encoding.UTF8.GetString(ToArray());

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Fails)
            {
                Failed.TrySetResult();
                throw new IOException("no space left");
            }

            Writes++;
            base.Write(buffer);
        }
    }
}
