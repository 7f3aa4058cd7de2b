using System.CommandLine;
using System.Text.RegularExpressions;
using Hookstream.Server.Commands;
using Hookstream.Server.Hosting;

namespace Hookstream.Server.Tests.Documentation;

/// <summary>docs/cli.md has every command with every option, and no command that there is not.</summary>
public sealed partial class CommandLineReferenceTests
{
    private static readonly RootCommand Root = CommandLine.Build(CommandHost.Process, ServeCommand.Build(), MigrateCommand.Build());

    [Fact]
    public void Reference_has_a_section_for_every_command_and_no_other()
    {
        Sections().Keys.ShouldBe(Root.Subcommands.Select(command => command.Name), ignoreOrder: true);
    }

    [Fact]
    public void Section_has_every_subcommand_and_option_of_its_command()
    {
        var sections = Sections();
        foreach (var command in Root.Subcommands)
        {
            var section = sections[command.Name];
            foreach (var option in OptionsOf(command))
                section.ShouldContain(option, Case.Sensitive, $"an option of {command.Name}");
            foreach (var subcommand in command.Subcommands)
            {
                section.ShouldContain($"`{command.Name} {subcommand.Name}", Case.Sensitive);
                foreach (var option in OptionsOf(subcommand))
                    section.ShouldContain(option, Case.Sensitive, $"an option of {command.Name} {subcommand.Name}");
            }
        }
    }

    [Fact]
    public void Reference_has_every_option_that_all_commands_share()
    {
        var beginning = Repository.Read("docs/cli.md").Split("\n## ")[0];
        foreach (var option in Root.Options.Where(option => option.Recursive).Select(option => option.Name))
            beginning.ShouldContain(option, Case.Sensitive);
    }

    private static IEnumerable<string> OptionsOf(Command command) => command.Options.Select(option => option.Name);

    private static Dictionary<string, string> Sections() =>
        Repository.Read("docs/cli.md").Split("\n## ").Skip(1)
            .ToDictionary(section => Heading().Match(section).Groups[1].Value, StringComparer.Ordinal);

    [GeneratedRegex("^`hookstream ([a-z]+)`")]
    private static partial Regex Heading();
}
