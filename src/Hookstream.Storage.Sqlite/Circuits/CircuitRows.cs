using Hookstream.Core.Circuits;

namespace Hookstream.Storage.Sqlite.Circuits;

/// <summary>How circuits are kept in the rows of their subscribers.</summary>
internal static class CircuitRows
{
    private const string Select =
        """
        select circuit_failures, circuit_opened_at, circuit_probe_at, circuit_epoch
        from subscribers
        where no = ?1
        """;

    private const string Update =
        """
        update subscribers
        set circuit_failures = ?2, circuit_opened_at = ?3, circuit_probe_at = ?4, circuit_epoch = ?5
        where no = ?1
        """;

    /// <summary>Reads the four columns from <paramref name="first"/> on.</summary>
    public static EndpointCircuit Read(Statement row, int first) => new()
    {
        Failures = row.Int32(first),
        OpenedAt = row.NullableTime(first + 1),
        ProbeAt = row.NullableTime(first + 2),
        Epoch = row.Int64(first + 3),
    };

    /// <summary>The circuit as the transaction sees it, in which it may have been changed a moment ago.</summary>
    public static EndpointCircuit Read(DatabaseConnection database, SubscriberEntry endpoint) =>
        database.Prepare(Select).Bind(1, endpoint.No).ReadAll(row => Read(row, 0)) is [var circuit]
            ? circuit
            : EndpointCircuit.Closed;

    public static void Write(DatabaseConnection database, SubscriberEntry endpoint, EndpointCircuit circuit) =>
        database.Prepare(Update)
            .Bind(1, endpoint.No)
            .Bind(2, circuit.Failures)
            .Bind(3, circuit.OpenedAt)
            .Bind(4, circuit.ProbeAt)
            .Bind(5, circuit.Epoch)
            .Run();
}
