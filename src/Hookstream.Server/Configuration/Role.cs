namespace Hookstream.Server.Configuration;

/// <summary>What a process of the service does.</summary>
internal enum Role
{
    /// <summary>Everything.</summary>
    All,

    /// <summary>Serves the API and delivers nothing.</summary>
    Api,

    /// <summary>Delivers and does the chores; answers for its health only.</summary>
    Worker,
}
