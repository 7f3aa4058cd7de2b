using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Hookstream.Server.Tests.Documentation;

/// <summary>Has no setting, and remembers which ones it was asked for.</summary>
internal sealed class AskedConfiguration : IConfiguration
{
    public HashSet<string> Asked { get; } = new(StringComparer.Ordinal);

    public string? this[string key]
    {
        get
        {
            Asked.Add(key);
            return null;
        }
        set => throw new NotSupportedException();
    }

    public IEnumerable<IConfigurationSection> GetChildren() => throw new NotSupportedException();

    public IChangeToken GetReloadToken() => throw new NotSupportedException();

    public IConfigurationSection GetSection(string key) => throw new NotSupportedException();
}
