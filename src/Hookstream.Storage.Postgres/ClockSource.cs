namespace Hookstream.Storage.Postgres;

/// <summary>Whose clock decides what is due.</summary>
public enum ClockSource
{
    /// <summary>PostgreSQL's: nodes may be minutes off.</summary>
    Store,

    /// <summary>The process's <see cref="TimeProvider"/>.</summary>
    Process,
}
