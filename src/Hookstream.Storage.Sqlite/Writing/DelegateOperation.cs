namespace Hookstream.Storage.Sqlite.Writing;

/// <summary>An operation put together from functions, for what is not on a hot path.</summary>
/// <typeparam name="T">What it gives.</typeparam>
internal sealed class DelegateOperation<T>(Func<DatabaseConnection, T> write, Action<T>? committed, Action? failed)
    : WriteOperation
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Completion => _completion.Task;

    public override bool ReadsCatalogs => true;

    public override void Execute(DatabaseConnection database, bool alone) => _result = write(database);

    public override void Committed()
    {
        committed?.Invoke(_result!);
        _completion.SetResult(_result!);
    }

    public override void Failed(Exception exception)
    {
        failed?.Invoke();
        _completion.SetException(exception);
    }
}
