using System.Security.Cryptography;
using System.Text;

namespace Hookstream.Queue.Redis.Scripts;

/// <summary>A Lua script beside this file, with what all of them share in front, and the hash by which Redis knows it.</summary>
internal sealed class QueueScript
{
    private static readonly string Shared = ReadResource("common");

    private QueueScript(string name)
    {
        Name = name;
        Text = Shared + "\n" + ReadResource(name);
#pragma warning disable CA5350 // Redis names scripts by SHA-1.
        Hash = SHA1.HashData(Encoding.UTF8.GetBytes(Text));
#pragma warning restore CA5350
    }

    public static readonly QueueScript Alive = new("alive");
    public static readonly QueueScript Claim = new("claim");
    public static readonly QueueScript Enqueue = new("enqueue");
    public static readonly QueueScript Epoch = new("epoch");
    public static readonly QueueScript Generation = new("generation");
    public static readonly QueueScript Hold = new("hold");
    public static readonly QueueScript Lead = new("lead");
    public static readonly QueueScript Lock = new("lock");
    public static readonly QueueScript Lost = new("lost");
    public static readonly QueueScript Purge = new("purge");
    public static readonly QueueScript Release = new("release");
    public static readonly QueueScript Remove = new("remove");
    public static readonly QueueScript Renew = new("renew");
    public static readonly QueueScript Settle = new("settle");
    public static readonly QueueScript TopUp = new("topup");
    public static readonly QueueScript Unlock = new("unlock");

    public static IReadOnlyList<QueueScript> All { get; } =
    [
        Alive, Claim, Enqueue, Epoch, Generation, Hold, Lead, Lock, Lost, Purge, Release, Remove, Renew, Settle, TopUp, Unlock,
    ];

    public string Name { get; }

    public string Text { get; }

    public byte[] Hash { get; }

    private static string ReadResource(string name)
    {
        var assembly = typeof(QueueScript).Assembly;
        using var stream = assembly.GetManifestResourceStream($"{assembly.GetName().Name}.Scripts.{name}.lua")
            ?? throw new InvalidOperationException($"the script {name} is not in the assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
