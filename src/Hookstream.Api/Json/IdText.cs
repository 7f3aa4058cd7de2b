using Hookstream.Core.Ids;

namespace Hookstream.Api.Json;

/// <summary>How ids are described to somebody who sent a malformed one.</summary>
internal static class IdText
{
    public static string Accepted<T>()
        where T : struct, ITypeId<T> => $"an id of the form '{T.Prefix}_' and 26 characters";
}
