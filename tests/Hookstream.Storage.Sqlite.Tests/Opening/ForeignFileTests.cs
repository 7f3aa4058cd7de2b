using System.Text;

namespace Hookstream.Storage.Sqlite.Tests.Opening;

/// <summary>A data directory that holds something else than a whole store is refused with its path, and left as it is.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private readonly TemporaryDataDirectory _data = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task File_that_is_no_database_is_refused_and_left_alone()
    {
        var content = Encoding.ASCII.GetBytes(new string('x', 10_000));
        Directory.CreateDirectory(_data.Path);
        await File.WriteAllBytesAsync(_data.Database, content, Cancellation);

        var refusal = await Should.ThrowAsync<StoreUnavailableException>(() => _data.OpenAsync());

        refusal.Message.ShouldContain(_data.Database);
        refusal.Message.ShouldContain("backup");
        (await File.ReadAllBytesAsync(_data.Database, Cancellation)).ShouldBe(content);
        Should.Throw<StoreUnavailableException>(_data.Migrate).Message.ShouldContain(_data.Database);
    }

    [Fact]
    public async Task Database_that_is_cut_off_is_refused()
    {
        await using (var store = await _data.OpenAsync())
            await store.Tenants.CreateAsync(new TenantSettings("acme", null, null, false), Cancellation);
        await using (var file = File.OpenWrite(_data.Database))
            file.SetLength(file.Length / 2);

        var refusal = await Should.ThrowAsync<StoreUnavailableException>(() => _data.OpenAsync());

        refusal.Message.ShouldContain(_data.Database);
    }

    [Fact]
    public async Task Database_of_another_program_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(_data.Path);
        _data.Execute("create table tenants (name text); insert into tenants values ('theirs')");

        var refusal = await Should.ThrowAsync<StoreUnavailableException>(() => _data.OpenAsync());

        refusal.Message.ShouldContain(_data.Database);
        _data.Read("select name from tenants").ShouldBe(["theirs"]);
    }

    [Fact]
    public async Task Lock_that_cannot_be_made_is_not_taken_for_another_process()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "symbolic links need a privilege there");
        Directory.CreateDirectory(_data.Path);
        var path = Path.Combine(_data.Path, "lock");
        File.CreateSymbolicLink(path, path);

        var refusal = await Should.ThrowAsync<Exception>(() => _data.OpenAsync());

        refusal.Message.ShouldNotContain("in use by another");
    }
}
