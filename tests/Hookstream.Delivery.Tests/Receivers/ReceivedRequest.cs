using System.Text;

namespace Hookstream.Delivery.Tests.Receivers;

/// <summary>A request as it arrived.</summary>
internal sealed record ReceivedRequest(string Method, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}
