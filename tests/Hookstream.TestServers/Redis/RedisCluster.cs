using System.Globalization;
using System.Text.RegularExpressions;
using Hookstream.TestServers.Programs;

namespace Hookstream.TestServers.Redis;

/// <summary>A real Redis Cluster: three primaries with a third of the slots each, and one replica of each.</summary>
public sealed class RedisCluster : IAsyncDisposable
{
    private const int Primaries = 3;
    private const int Slots = 16_384;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly List<RedisServer> _servers = [];

    private RedisCluster()
    {
    }

    /// <summary>As <c>REDIS_URL</c> takes it: the primaries.</summary>
    public string Url => $"redis://{string.Join(',', _servers.Take(Primaries).Select(server => $"127.0.0.1:{server.Port}"))}";

    /// <summary>Starts an empty one. Skips the test where the program is missing (in CI: fails).</summary>
    public static async Task<RedisCluster> StartNewAsync()
    {
        var cluster = new RedisCluster();
        try
        {
            var ports = new Dictionary<RedisServer, int>();
            for (var i = 0; i < Primaries * 2; i++)
            {
                var busPort = FreePort.Find();
                var server = await RedisServer.StartNewAsync(new RedisServerOptions
                {
                    Settings = new Dictionary<string, string>
                    {
                        ["cluster-enabled"] = "yes",
                        ["cluster-port"] = busPort.ToString(CultureInfo.InvariantCulture),
                        ["cluster-node-timeout"] = "1000",
                    },
                });
                cluster._servers.Add(server);
                ports.Add(server, busPort);
            }

            await cluster.JoinAsync(ports);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The primary that has the keys of a hash tag.</summary>
    public async Task<RedisServer> OwnerOfAsync(string hashTag)
    {
        var slot = int.Parse((await _servers[0].CommandAsync($"CLUSTER KEYSLOT {hashTag}")).TrimStart(':'), CultureInfo.InvariantCulture);
        return _servers[slot * Primaries / Slots];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
    }

    private async Task JoinAsync(Dictionary<RedisServer, int> busPorts)
    {
        for (var i = 0; i < Primaries; i++)
        {
            // Rounded up, so that slot * Primaries / Slots is the owner's place.
            var (first, next) = (((i * Slots) + Primaries - 1) / Primaries, (((i + 1) * Slots) + Primaries - 1) / Primaries);
            await _servers[i].CommandAsync($"CLUSTER ADDSLOTSRANGE {first} {next - 1}");
        }

        foreach (var server in _servers.Skip(1))
            await _servers[0].CommandAsync($"CLUSTER MEET 127.0.0.1 {server.Port} {busPorts[server]}");
        await AllAsync("CLUSTER INFO", $"cluster_known_nodes:{_servers.Count}");
        for (var i = 0; i < Primaries; i++)
        {
            var id = (await _servers[i].CommandsAsync("CLUSTER MYID"))[1];
            await _servers[Primaries + i].CommandAsync($"CLUSTER REPLICATE {id}");
        }

        await AllAsync("CLUSTER INFO", "cluster_state:ok");
        await AllAsync("INFO replication", "master_link_status:up|connected_slaves:1");
    }

    private async Task AllAsync(string command, string pattern)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        foreach (var server in _servers)
        {
            while (!(await server.CommandsAsync(command)).Any(line => Regex.IsMatch(line, $"^({pattern})$")))
                await Task.Delay(Pause, deadline.Token);
        }
    }
}
