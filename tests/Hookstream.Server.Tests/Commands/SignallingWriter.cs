using System.Text;
using Hookstream.TestServers.Programs;

namespace Hookstream.Server.Tests.Commands;

/// <summary>Collects what a command prints, and lets a test wait for a text in it.</summary>
internal sealed class SignallingWriter : StringWriter
{
    private readonly StringBuilder _text = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Text
    {
        get
        {
            lock (_gate)
                return _text.ToString();
        }
    }

    public async Task ContainsAsync(string text)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_text.ToString().Contains(text, StringComparison.Ordinal))
                    return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
        }
    }

    public override void Write(char value) => Append(value.ToString());

    public override void Write(string? value) => Append(value);

    public override void Write(char[] buffer, int index, int count) => Append(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Append(buffer.ToString());

    public override void WriteLine(string? value) => Append(value + "\n");

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    private void Append(string? text)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _text.Append(text);
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }
}
