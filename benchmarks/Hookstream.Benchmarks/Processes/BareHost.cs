using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Hookstream.Benchmarks.Processes;

/// <summary>Kestrel on a free loopback port with one terminal delegate: no routing, no middleware, no log.</summary>
internal static class BareHost
{
    public static async Task RunAsync(RequestDelegate handler, CancellationToken cancellationToken)
    {
        using var host = new HostBuilder()
            .ConfigureWebHost(web => web
                .UseKestrelCore()
                .ConfigureKestrel(kestrel =>
                {
                    kestrel.AddServerHeader = false;
                    kestrel.Listen(IPAddress.Loopback, 0);
                })
                .Configure(app => app.Run(handler)))
            .Build();
        await host.StartAsync(cancellationToken);
        var addresses = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()
            ?? throw new BenchmarkException("Kestrel does not tell its address");
        await Console.Out.WriteLineAsync(addresses.Addresses.Single());
        await ParentProcess.EndedAsync(cancellationToken);
        await host.StopAsync(cancellationToken);
    }
}
