using Hookstream.Core.Circuits;
using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Sqlite;

/// <summary>Log messages of the SQLite store: event ids 100 to 199.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Debug, "Schema: {Step}")]
    public static partial void MigrationStep(ILogger logger, string step);

    [LoggerMessage(106, LogLevel.Debug, "Nothing to roll back: {Reason}")]
    public static partial void NothingToRollBack(ILogger logger, string reason);

    [LoggerMessage(107, LogLevel.Warning, "The store did not answer a health check")]
    public static partial void HealthCheckFailed(ILogger logger, Exception exception);

    [LoggerMessage(101, LogLevel.Warning, "A commit failed; its {Operations} operations are tried one by one")]
    public static partial void GroupFailed(ILogger logger, Exception exception, int operations);

    [LoggerMessage(102, LogLevel.Error, "An operation failed alone: {Operation}")]
    public static partial void OperationFailed(ILogger logger, Exception exception, string operation);

    [LoggerMessage(103, LogLevel.Error, "An event of tenant {Tenant} could not be stored")]
    public static partial void EventFailed(ILogger logger, Exception exception, TenantId tenant);

    [LoggerMessage(104, LogLevel.Error, "The outcome of delivery {Delivery} could not be recorded; its lease runs out")]
    public static partial void SettlementFailed(ILogger logger, Exception exception, DeliveryId delivery);

    [LoggerMessage(109, LogLevel.Error, "What is due at {Endpoint} could not be read; it is tried again in a second")]
    public static partial void LaneFailed(ILogger logger, Exception exception, SubscriberId endpoint);

    [LoggerMessage(108, LogLevel.Error,
        "The store cannot commit; nothing that was accepted is lost, new work is refused until it can; {Refused} operations were refused since this was last said")]
    public static partial void CommitsFail(ILogger logger, Exception exception, int refused);

    [LoggerMessage(110, LogLevel.Information, "The store commits again; {Refused} operations were refused since it was last said that it could not")]
    public static partial void CommitsResumed(ILogger logger, int refused);

    [LoggerMessage(105, LogLevel.Information, "Store opened in {Directory}: {Tenants} tenants, {Subscribers} subscribers, {Lanes} lanes with deliveries waiting")]
    public static partial void Opened(ILogger logger, string directory, int tenants, int subscribers, int lanes);

    /// <summary>Nothing where a probe failed: its attempt has a line.</summary>
    public static void CircuitRecorded(ILogger logger, Subscriber endpoint, CircuitChange change, EndpointCircuit circuit)
    {
        if (change == CircuitChange.Opened)
            CircuitOpened(logger, endpoint.Id, endpoint.Tenant, circuit.Failures, circuit.ProbeAt);
        else if (change == CircuitChange.Closed)
            CircuitClosed(logger, endpoint.Id, endpoint.Tenant);
    }

    [LoggerMessage(111, LogLevel.Warning, "The circuit of {Endpoint} of {Tenant} opened after {Failures} failures in a row; the next probe is due at {NextProbeAt}")]
    private static partial void CircuitOpened(
        ILogger logger, SubscriberId endpoint, TenantId tenant, int failures, DateTimeOffset? nextProbeAt);

    [LoggerMessage(112, LogLevel.Information, "The circuit of {Endpoint} of {Tenant} closed: a probe was delivered")]
    private static partial void CircuitClosed(ILogger logger, SubscriberId endpoint, TenantId tenant);
}
