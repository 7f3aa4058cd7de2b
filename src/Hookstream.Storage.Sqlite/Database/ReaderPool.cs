using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Hookstream.Storage.Sqlite.Database;

/// <summary>Read-only connections. In WAL mode readers see the last commit and never wait for the writer.</summary>
internal sealed class ReaderPool(string path) : IDisposable
{
    private const int Size = 4;

    private readonly SemaphoreSlim _free = new(Size);
    private readonly ConcurrentBag<DatabaseConnection> _idle = [];

    /// <exception cref="StoreUnavailableException">The file could not be read; try again.</exception>
    public async Task<T> ReadAsync<T>(Func<DatabaseConnection, T> read, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        try
        {
            if (!_idle.TryTake(out var connection))
                connection = DatabaseConnection.Open(path, readOnly: true);
            var result = Snapshot(connection, read);
            _idle.Add(connection);
            return result;
        }
        catch (SqliteException exception)
        {
            throw new StoreUnavailableException("the store could not be read", exception);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        foreach (var connection in _idle)
            connection.Dispose();
        _free.Dispose();
    }

    // Several statements of one read see one state; after a failure the connection is dropped, not reused.
    private static T Snapshot<T>(DatabaseConnection connection, Func<DatabaseConnection, T> read)
    {
        try
        {
            connection.Prepare("begin").Run();
            var result = read(connection);
            connection.Prepare("commit").Run();
            return result;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
