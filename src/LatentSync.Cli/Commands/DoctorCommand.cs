using System.CommandLine;
using LatentSync.Cli.Output;
using LatentSync.Pipeline;
using LatentSync.Runtime.Diagnostics;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync doctor</c>: what this machine has, what it lacks, and how to fix that.</summary>
internal static class DoctorCommand
{
    private static readonly Option<string[]> s_models = new("--models")
    {
        Description = "Model packs to look at besides the usual place",
        HelpName = "pack",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?> s_engines = EnginesCommand.Folder();
    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        Command command = new("doctor", "Look for everything the engine can use on this machine") { s_models, s_engines, s_json };
        command.SetAction(arguments =>
        {
            string[] packs = arguments.GetValue(s_models) is { Length: > 0 } given ? given : [PackLocation.Resolve(null)];
            IReadOnlyList<MachineFinding> findings = MachineCheck.Run(packs, arguments.GetValue(s_engines));
            Print(findings, arguments.GetValue(s_json));
            return findings.Any(finding => finding.Required && !finding.Probe.Found) ? ExitCodes.Environment : ExitCodes.Success;
        });
        return command;
    }

    private static void Print(IReadOnlyList<MachineFinding> findings, bool json)
    {
        foreach (MachineFinding finding in findings)
        {
            ProbeResult probe = finding.Probe;
            if (json)
            {
                JsonLines.Write(new { @event = "finding", name = probe.Name, found = probe.Found, required = finding.Required, detail = probe.Detail, fix = probe.Fix });
                continue;
            }

            string mark = probe.Found ? "ok     " : finding.Required ? "MISSING" : "absent ";
            Console.Out.WriteLine($"{mark} {probe.Name}: {probe.Detail}");
            if (!probe.Found && probe.Fix.Length > 0)
            {
                Console.Out.WriteLine($"        {probe.Fix}");
            }
        }
    }
}
