namespace Hookstream.Storage.Postgres.Events;

/// <summary>The events of one call, on their way through the writers.</summary>
internal sealed class AppendOperation(PreparedAppend[] appends) : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource _completion = new();
    private Exception? _failure;

    public Task Completion => _completion.Task;

    public IReadOnlyList<PreparedAppend> Appends => appends;

    /// <summary>About how many rows it writes.</summary>
    public int Rows { get; } = appends.Sum(append => 1 + append.Matched.Length);

    /// <summary>About how many bytes it writes.</summary>
    public long Bytes { get; } = appends.Sum(append => append.Event.Payload.Length + 256L);

    /// <summary>Nothing of it was written, or it is not known whether; whoever waits is told by <see cref="Execute"/>.</summary>
    public void Fail(Exception exception) => _failure = exception;

    /// <summary>Tells whoever waits, who goes on here.</summary>
    public void Execute()
    {
        if (_failure is { } failure)
            _completion.SetException(failure);
        else
            _completion.SetResult();
    }
}
