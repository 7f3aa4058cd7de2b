namespace Hookstream.Server.Configuration;

/// <summary>How <c>--role</c> and the log write roles.</summary>
internal static class RoleWords
{
    public static readonly IReadOnlyDictionary<string, Role> All = new Dictionary<string, Role>
    {
        ["all"] = Role.All,
        ["api"] = Role.Api,
        ["worker"] = Role.Worker,
    };

    /// <summary>The role's word.</summary>
    public static string ToWord(this Role role) => All.Single(word => word.Value == role).Key;
}
