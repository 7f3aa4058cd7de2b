using Hookstream.Storage.Sqlite.Database;
using Hookstream.Storage.Sqlite.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace Hookstream.Storage.Sqlite.Tests.Writing;

/// <summary>The writer when commits fail: a full disk, one bad operation, callers that hold it up.</summary>
public sealed class GroupCommitTests : IAsyncLifetime
{
    private const int NothingToRollBack = 106;
    private const int CommitsFail = 108;
    private const string Put = "insert into things (value) values (?1)";
    private const string Look = "select value from things where rowid >= ?1";

    private readonly TemporaryDataDirectory _data = new();
    private readonly RecordedLog _log = new();
    private readonly FakeTimeProvider _time = new();
    private GroupCommit? _writer;

    private GroupCommit Writer => _writer!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_data.Path);
        var database = DatabaseConnection.Open(_data.Database, readOnly: false);
        database.Execute("create table things (value)");
        _writer = new GroupCommit(database, 100_000, 1 << 30, new StoreMetrics(null), _time, _log);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Full_disk_refuses_everyone_says_so_once_and_is_over_when_there_is_space()
    {
        await SetMostPagesAsync(16);

        for (var round = 0; round < 20; round++)
        {
            var writes = Enumerable.Range(0, 50).Select(_ => new Insert(new byte[100_000])).ToList();
            writes.ForEach(Writer.Enqueue);
            foreach (var write in writes)
                await Should.ThrowAsync<StoreUnavailableException>(write.Completion);
        }

        Writer.IsFailing.ShouldBeTrue();
        _log.Lines.Count(line => line.Id != NothingToRollBack).ShouldBe(1, "a thousand refusals are no thousand lines");
        await SetMostPagesAsync(1 << 30);
        var later = new Insert(new byte[100_000]);
        Writer.Enqueue(later);
        await later.Completion;
        Writer.IsFailing.ShouldBeFalse();
        _data.Count("select count(*) from things").ShouldBe(1);
    }

    [Fact]
    public async Task Long_outage_is_said_again_now_and_then_with_what_was_refused_since()
    {
        await SetMostPagesAsync(16);
        for (var i = 0; i < 5; i++)
            await RefusedAsync();

        _time.Advance(TimeSpan.FromMinutes(1));
        await RefusedAsync();

        var said = _log.Lines.Where(line => line.Id == CommitsFail).ToList();
        said.Count.ShouldBe(2);
        said[1].Values["Refused"].ShouldBe(5);
    }

    [Fact]
    public async Task Operation_that_fails_alone_leaves_no_statement_behind()
    {
        for (var i = 0; i < 3; i++)
        {
            await Writer.WriteAsync(database => database.Prepare(Put).Bind(1, i).Run());
            await Should.ThrowAsync<InvalidDataException>(() => Writer.WriteAsync<int>(database =>
            {
                database.Prepare(Look).Bind(1, 1).Step().ShouldBeTrue();
                throw new InvalidDataException();
            }));
        }

        (await Writer.WriteAsync(database => database.Prepare(Look).Bind(1, 1).ReadAll(row => row.Int64(0))))
            .ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task Caller_whose_operation_was_saved_from_a_failed_group_does_not_hold_up_the_writer()
    {
        using var goOn = new ManualResetEventSlim();
        var saved = new Insert([1]);
        var told = saved.Completion.ContinueWith(
            _ => goOn.Wait(TimeSpan.FromSeconds(20)),
            Cancellation,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        await using (Block())
        {
            Writer.Enqueue(new Insert([0]));
            Writer.Enqueue(saved);
            Writer.Enqueue(new Insert(null, fail: true));
        }

        await Writer.WriteAsync(database => database.Prepare(Put).Bind(1, 1).Run())
            .WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        goOn.Set();
        (await told).ShouldBeTrue();
    }

    private async Task RefusedAsync()
    {
        var write = new Insert(new byte[100_000]);
        Writer.Enqueue(write);
        await Should.ThrowAsync<StoreUnavailableException>(write.Completion);
    }

    // A file that may not grow fails as a full disk does (SQLITE_FULL).
    private Task<int> SetMostPagesAsync(int pages) => Writer.WriteAsync(database =>
    {
        database.Execute($"pragma max_page_count = {pages}");
        return pages;
    });

    private SqliteConnection Block()
    {
        var connection = _data.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "begin immediate";
        command.ExecuteNonQuery();
        return connection;
    }

    /// <summary>A write whose caller goes on where it is told.</summary>
    private sealed class Insert(byte[]? value, bool fail = false) : WriteOperation
    {
        private readonly TaskCompletionSource _completion = new();

        public Task Completion => _completion.Task;

        public override void Execute(DatabaseConnection database, bool alone)
        {
            database.Prepare(Put).Bind(1, value.AsSpan()).Run();
            if (fail)
                throw new InvalidDataException();
        }

        public override void Committed()
        {
        }

        public override void Complete() => _completion.SetResult();

        public override void Failed(Exception exception) =>
            ThreadPool.QueueUserWorkItem(_ => _completion.SetException(exception));
    }
}
