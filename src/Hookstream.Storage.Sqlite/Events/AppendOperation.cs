using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Sqlite.Events;

/// <summary>Appends events, each with a delivery for every subscriber that wants it.</summary>
internal sealed class AppendOperation(
    PreparedAppend[] appends, SubscriberCatalog subscribers, LaneSet lanes, long firstDelay, ILogger logger)
    : WriteOperation
{
    private readonly TaskCompletionSource _completion = new();

    public Task Completion => _completion.Task;

    public override int Rows { get; } = appends.Sum(append => 1 + append.Matched.Length);

    public override long Bytes { get; } = appends.Sum(append => append.Event.Payload.Length + 256L);

    public override void Execute(DatabaseConnection database, bool alone)
    {
        foreach (var append in appends)
        {
            if (alone)
                AppendAlone(database, append);
            else
                append.Result = Append(database, append);
        }
    }

    public override void Committed()
    {
        foreach (var append in appends)
        {
            if (append.Result.Outcome == AppendOutcome.Accepted)
                AppendRows.Signal(lanes, append, firstDelay);
        }
    }

    public override void Complete() => _completion.SetResult();

    // Whoever waits goes on elsewhere, as in Complete: the writer has others to tell.
    public override void Failed(Exception exception) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static failed => failed._completion.SetException(failed.exception), (_completion, exception), preferLocal: false);

    private AppendResult Append(DatabaseConnection database, PreparedAppend append)
    {
        append.MatchAgain(subscribers);
        var key = append.Event.IdempotencyKey;
        if (key is not null
            && IdempotencyKeys.Look(database, append.TenantNo, key, append.ContentHash, append.Now) is { } earlier)
            return earlier;

        AppendRows.Insert(database, append, firstDelay);
        if (key is not null)
        {
            IdempotencyKeys.Remember(
                database, append.TenantNo, key, append.ContentHash, append.Id, append.Matched.Length, append.Now);
        }

        return new AppendResult(AppendOutcome.Accepted, append.Id, append.Matched.Length);
    }

    // What one event breaks is undone for it alone. A failure of the store itself is everyone's.
    private void AppendAlone(DatabaseConnection database, PreparedAppend append)
    {
        database.Prepare("savepoint one_event").Run();
        try
        {
            append.Result = Append(database, append);
        }
        catch (Exception exception) when (!StoreFailure.Is(exception))
        {
            Log.EventFailed(logger, exception, append.Event.Tenant);
            database.Prepare("rollback to one_event").Run();
            append.Result = new AppendResult(AppendOutcome.Failed, append.Id, 0);
        }

        database.Prepare("release one_event").Run();
    }
}
