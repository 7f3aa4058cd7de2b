using System.Text;
using BenchmarkDotNet.Attributes;
using Hookstream.Benchmarks.Payloads;
using Hookstream.Core.Events;
using Hookstream.Core.Tenants;
using Hookstream.Storage.Sqlite.Database;
using Hookstream.Storage.Sqlite.Events;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hookstream.Benchmarks.Parts.Storage;

/// <summary>
/// Inserting events into the store's own table, 100 in a transaction; the figures are for one event. With
/// <c>synchronous</c> <c>full</c>, as the store has it, the flush of the commit is in them; <c>off</c> leaves the work of
/// the processor.
/// </summary>
public class EventInsertBenchmarks
{
    private const int Rows = 100;
    private const long TenantNo = 1;

    private readonly byte[] _payload = Encoding.UTF8.GetBytes(SampleEvent.Payload);
    private DirectoryInfo _directory = null!;
    private NewEvent _event = null!;
    private DatabaseConnection _database = null!;
    private SqliteConnection _connection = null!;
    private PlainEventInsert _kept = null!;

    [Params("off", "full")]
    public string Synchronous { get; set; } = "full";

    [GlobalSetup]
    public void Open()
    {
        _event = new NewEvent(TenantId.New(TimeProvider.System.GetUtcNow()), EventType.FromStore(SampleEvent.Type), _payload);
        _directory = Directory.CreateTempSubdirectory("hookstream-parts-");
        var path = Path.Combine(_directory.FullName, "events.db");
        SchemaMigrations.Apply(path, NullLogger.Instance);
        _database = DatabaseConnection.Open(path, readOnly: false);
        _database.Execute($"pragma synchronous = {Synchronous}");
        _connection = new SqliteConnection($"Data Source={path};Pooling=False");
        _connection.Open();
        using var pragmas = _connection.CreateCommand();
        // What DatabaseConnection sets.
        pragmas.CommandText =
            $"""
             pragma synchronous = {Synchronous};
             pragma foreign_keys = 0;
             pragma cache_size = -32768;
             pragma temp_store = memory;
             pragma wal_autocheckpoint = 4000
             """;
        pragmas.ExecuteNonQuery();
        _kept = new PlainEventInsert(_connection);
    }

    [GlobalCleanup]
    public void Close()
    {
        _kept.Dispose();
        _connection.Dispose();
        _database.Dispose();
        _directory.Delete(recursive: true);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Rows)]
    public void CommandKept()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var transaction = _connection.BeginTransaction();
        for (var i = 0; i < Rows; i++)
            _kept.Insert(transaction, TenantNo, EventId.New(now), _event, _payload, now);
        transaction.Commit();
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public void CommandPerRow()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var transaction = _connection.BeginTransaction();
        for (var i = 0; i < Rows; i++)
        {
            using var insert = new PlainEventInsert(_connection);
            insert.Insert(transaction, TenantNo, EventId.New(now), _event, _payload, now);
        }

        transaction.Commit();
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Statement()
    {
        var now = TimeProvider.System.GetUtcNow();
        _database.Prepare("begin immediate").Run();
        for (var i = 0; i < Rows; i++)
            EventRows.Insert(_database, TenantNo, EventId.New(now), _event, now);
        _database.Prepare("commit").Run();
    }
}
