using System.Buffers;
using System.Threading.Channels;
using ZLogger;

namespace Hookstream.Server.Hosting;

/// <summary>
/// Writes log entries many at a time: before each write it lets some gather. Where the writer is woken for every line, and every line is
/// a write of its own, that costs more than the line does.
/// </summary>
internal sealed class LogWriter : IAsyncLogProcessor
{
    private const int LargestWrite = 64 * 1024;

    // By the machine's clock, whoever owns the time.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    private readonly Channel<IZLoggerEntry> _entries =
        Channel.CreateUnbounded<IZLoggerEntry>(new UnboundedChannelOptions { SingleReader = true });

    private readonly ArrayBufferWriter<byte> _lines = new(LargestWrite * 2);
    private readonly Stream _output;
    private readonly IZLoggerFormatter _formatter;
    private readonly Task _writing;
    private bool _failing;

    /// <param name="output">Where to; disposed of with this.</param>
    /// <param name="options">With the formatter of a line.</param>
    public LogWriter(Stream output, ZLoggerOptions options)
    {
        _output = output;
        _formatter = options.CreateFormatter();
        _writing = Task.Run(WriteAsync);
    }

    public void Post(IZLoggerEntry log) => _entries.Writer.TryWrite(log);

    /// <summary>Ends once everything posted is written.</summary>
    public async ValueTask DisposeAsync()
    {
        _entries.Writer.Complete();
        await _writing;
        await _output.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        while (await _entries.Reader.WaitToReadAsync())
        {
            await Task.Delay(Gathering);
            while (_entries.Reader.TryRead(out var entry))
            {
                Format(entry);
                if (_lines.WrittenCount >= LargestWrite)
                    Flush();
            }

            Flush();
        }
    }

    private void Format(IZLoggerEntry entry)
    {
        try
        {
            entry.FormatUtf8(_lines, _formatter);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
        finally
        {
            // Whatever there is of it is a line of its own.
            _lines.Write("\n"u8);
            entry.Return();
        }
    }

    private void Flush()
    {
        if (_lines.WrittenCount == 0)
            return;
        try
        {
            _output.Write(_lines.WrittenSpan);
            _output.Flush();
            _failing = false;
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        _lines.ResetWrittenCount();
    }

    // Once until a write succeeds again. The process serves on without its log, as on a full disk.
    private void Fail(Exception exception)
    {
        if (!_failing)
            Console.Error.WriteLine($"hookstream: the log cannot be written: {exception.Message}");
        _failing = true;
    }
}
