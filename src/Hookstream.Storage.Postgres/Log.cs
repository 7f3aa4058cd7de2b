using Hookstream.Core.Circuits;
using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Postgres;

/// <summary>Log messages of the PostgreSQL store: event ids 500 to 599.</summary>
internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Debug, "Schema: {Step}")]
    public static partial void MigrationStep(ILogger logger, string step);

    [LoggerMessage(510, LogLevel.Error, "A writer of events met a failure that it does not know; its events were refused")]
    public static partial void WriterFailed(ILogger logger, Exception exception);

    [LoggerMessage(511, LogLevel.Warning, "A commit failed; its {Events} events are tried one by one")]
    public static partial void GroupFailed(ILogger logger, Exception exception, int events);

    [LoggerMessage(512, LogLevel.Error, "An event of tenant {Tenant} could not be stored")]
    public static partial void EventFailed(ILogger logger, Exception exception, TenantId tenant);

    [LoggerMessage(513, LogLevel.Debug, "A transaction is run again: {Reason}")]
    public static partial void TriedAgain(ILogger logger, string reason);

    [LoggerMessage(514, LogLevel.Error, "The outcome of delivery {Delivery} could not be recorded; its lease runs out")]
    public static partial void SettlementFailed(ILogger logger, Exception exception, DeliveryId delivery);

    [LoggerMessage(515, LogLevel.Warning, "Outcomes could not be recorded together; the {Outcomes} are tried one by one")]
    public static partial void SettleFailed(ILogger logger, Exception exception, int outcomes);

    [LoggerMessage(520, LogLevel.Warning, "What other nodes change cannot be read; it is tried again twice a second")]
    public static partial void CatalogStalled(ILogger logger, Exception exception);

    [LoggerMessage(521, LogLevel.Information, "What other nodes change can be read again")]
    public static partial void CatalogResumed(ILogger logger);

    [LoggerMessage(522, LogLevel.Information, "Store opened: {Tenants} tenants, {Subscribers} subscribers")]
    public static partial void Opened(ILogger logger, int tenants, int subscribers);

    [LoggerMessage(523, LogLevel.Warning, "Notifications cannot be sent or heard; what waits is found by polling, within a second")]
    public static partial void NotificationsStalled(ILogger logger, Exception exception);

    [LoggerMessage(524, LogLevel.Information, "Notifications are heard again")]
    public static partial void NotificationsResumed(ILogger logger);

    [LoggerMessage(525, LogLevel.Debug, "When a key was last used could not be written: {Reason}")]
    public static partial void UseNotWritten(ILogger logger, string reason);

    [LoggerMessage(530, LogLevel.Warning, "A claim was cut short after {Claimed} deliveries, which are sent; it goes on with the next claim")]
    public static partial void ClaimCutShort(ILogger logger, Exception exception, int claimed);

    /// <summary>Nothing where a probe failed: its attempt has a line.</summary>
    public static void CircuitRecorded(ILogger logger, Subscriber endpoint, CircuitChange change, EndpointCircuit circuit)
    {
        if (change == CircuitChange.Opened)
            CircuitOpened(logger, endpoint.Id, endpoint.Tenant, circuit.Failures, circuit.ProbeAt);
        else if (change == CircuitChange.Closed)
            CircuitClosed(logger, endpoint.Id, endpoint.Tenant);
    }

    [LoggerMessage(516, LogLevel.Warning, "The circuit of {Endpoint} of {Tenant} opened after {Failures} failures in a row; the next probe is due at {NextProbeAt}")]
    private static partial void CircuitOpened(
        ILogger logger, SubscriberId endpoint, TenantId tenant, int failures, DateTimeOffset? nextProbeAt);

    [LoggerMessage(517, LogLevel.Information, "The circuit of {Endpoint} of {Tenant} closed: a probe was delivered")]
    private static partial void CircuitClosed(ILogger logger, SubscriberId endpoint, TenantId tenant);
}
