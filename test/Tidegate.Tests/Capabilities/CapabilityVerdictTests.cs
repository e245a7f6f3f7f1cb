using System.Collections.Immutable;
using CsCheck;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.Tests.Capabilities;

public sealed class CapabilityVerdictTests
{
    public static TheoryData<string, string> Deviations =>
        new()
        {
            { "series-unknown", "another series" },
            { "not-determined", "a part without an answer" },
            { "python-too-old", "an old interpreter" },
            { "installation-failed", "an installation that fails" },
            { "log-sentence-missing", "a log without its last sentence" },
            { "option-missing", "an option that is gone" },
            { "option-unexpected", "an option of an older series" },
            { "default-changed", "another list of server-wide modules" },
            { "command-missing", "a sub-command that is gone" },
            { "command-broken", "a sub-command that fails" },
            { "server-not-started", "a server that does not start" },
            { "route-missing", "a route that is gone" },
            { "route-changed", "a route that answers otherwise" },
            { "lock-timeout-changed", "no lock timeout" },
            { "partial-updates-changed", "updates that are left" },
            { "session-store-unfit", "a session store of an older series" },
            { "session-format-changed", "sessions as pickles" },
            { "manifest-refused", "a manifest that Odoo stops at" },
            { "module-otherwise", "a module from elsewhere" },
            { "dependency-missing", "a package that an addon needs" },
            { "neutralisation-missing", "a base that silences no copy" },
            { "files-in-future", "files of tomorrow" },
        };

    [Fact]
    public void A_release_as_its_series_is_known_is_proven() =>
        Assert.Empty(Assert.IsType<CapabilityVerdict.Proven>(Odoo19.Judge(Odoo19.Record)).Notes);

    [Theory]
    [MemberData(nameof(Deviations))]
    public void A_deviation_is_a_finding_with_its_own_code(string code, string what)
    {
        var verdict = Assert.IsType<CapabilityVerdict.Deviates>(Odoo19.Judge(Changed(code)));

        Assert.True(verdict.Findings.Length == 1 && verdict.Findings[0].Code == code, $"{what}: {verdict}");
        Assert.NotEqual(verdict.Findings[0].Expected, verdict.Findings[0].Found);
    }

    [Fact]
    public void What_only_Odoos_own_modules_lack_is_a_note()
    {
        var record = Odoo19.With(odoo =>
            odoo with
            {
                Dependencies = [new("python", "ldap", ["base"], "no such module")],
            }
        );

        Assert.Equal("dependency-missing", Assert.IsType<CapabilityVerdict.Proven>(Odoo19.Judge(record)).Notes[0].Code);
    }

    [Fact]
    public void A_registry_lock_may_be_there_or_not()
    {
        var record = Odoo19.With(odoo => odoo with { Loading = odoo.Loading! with { RegistryLock = true } });

        Assert.False(Assert.Single(Assert.IsType<CapabilityVerdict.Proven>(Odoo19.Judge(record)).Notes).Matters);
    }

    [Fact]
    public void Whatever_expected_option_is_taken_away_is_named() =>
        Gen.Int[0, Odoo19.Expected.Options.Length - 1]
            .Sample(index =>
            {
                var gone = Odoo19.Expected.Options[index].Name;
                var record = Odoo19.With(odoo =>
                    odoo with
                    {
                        Options =
                        [
                            .. odoo.Options!.Value.Where(option =>
                                option.Name != gone && !option.Flags.Contains(gone, StringComparer.Ordinal)
                            ),
                        ],
                    }
                );

                return Odoo19.Judge(record)
                        is CapabilityVerdict.Deviates { Findings: [{ Code: "option-missing" } only] }
                    && only.Subject.EndsWith(gone, StringComparison.Ordinal);
            });

    [Fact]
    public void Only_a_proven_record_passes_the_gate()
    {
        Assert.Equal(GateVerdict.Pass, Ask(Odoo19.Stored(Odoo19.Record)).Verdict);
        Assert.Equal(GateVerdict.Fail, Ask(Odoo19.Stored(Changed("route-missing"))).Verdict);
        Assert.Equal(GateVerdict.Inconclusive, Ask(null).Verdict);
        var wanted = new Capability(Odoo19.Release.Digest, true, null, null, null, null, "test", null);
        Assert.Contains("is being run", Ask(wanted).Reasons[0].What, StringComparison.Ordinal);
        Assert.Equal(GateVerdict.Error, Ask(wanted with { IsWanted = false, Failure = "the disk is full" }).Verdict);
    }

    [Fact]
    public void A_gate_that_does_not_pass_says_why_and_what_next() =>
        Gen.Int[0, Deviations.Count - 1]
            .Select(index => Deviations.ElementAt(index).Data.Item1)
            .Sample(code =>
            {
                var verdict = Ask(Odoo19.Stored(Changed(code)));
                return verdict.Verdict is not GateVerdict.Pass
                    && verdict.Reasons.All(reason => reason is { What.Length: > 0, Next.Length: > 0 })
                    && verdict.Reasons.Any(reason => reason.Code == code);
            });

    private static GateAnswer Ask(Capability? capability) => CapabilityGate.Ask(Odoo19.Release, capability);

    private static CapabilityRecord Changed(string code) =>
        code switch
        {
            "server-not-started" => Odoo19.Record with { Server = new([], "it ended", 1) },
            "route-missing" => Route("GET /web/health", 404),
            "route-changed" => Route("GET /web/login", 500),
            _ => Odoo19.With(odoo => Changed(odoo, code)),
        };

    private static OdooFacts Changed(OdooFacts odoo, string code) =>
        code switch
        {
            "series-unknown" => odoo with { Identity = odoo.Identity! with { Series = "14.0" } },
            "not-determined" => odoo with
            {
                Sessions = null,
                Undetermined = ImmutableSortedDictionary<string, string>.Empty.Add("sessions", "AttributeError: root"),
            },
            "python-too-old" => odoo with { Identity = odoo.Identity! with { Python = "3.9.2" } },
            "installation-failed" => odoo with
            {
                Installation = odoo.Installation! with { ExitCode = 255, LastLines = "KeyError: 'x'\n" },
            },
            "log-sentence-missing" => odoo with
            {
                Installation = odoo.Installation! with { LastLines = "All done.\n" },
            },
            "option-missing" => odoo with
            {
                Options = odoo.Options!.Value.RemoveAll(option => option.Name == "proxy_mode"),
            },
            "option-unexpected" => odoo with
            {
                Options = odoo.Options!.Value.Add(
                    new("longpolling_port", ["--longpolling-port"], "int", [], true, null)
                ),
            },
            "default-changed" => odoo with
            {
                Options =
                [
                    .. odoo.Options!.Value.Select(option =>
                        option.Name == "server_wide_modules" ? option with { Value = "base,web" } : option
                    ),
                ],
            },
            "command-missing" => odoo with
            {
                Commands = odoo.Commands!.Value.RemoveAll(command => command.Name == "neutralize"),
            },
            "command-broken" => odoo with
            {
                Commands =
                [
                    .. odoo.Commands!.Value.Select(command =>
                        command.Name == "shell" ? command with { HelpExitCode = 1 } : command
                    ),
                ],
            },
            "lock-timeout-changed" => odoo with { Loading = odoo.Loading! with { LockTimeout = null } },
            "partial-updates-changed" => odoo with { Loading = odoo.Loading! with { FinishesPartialUpdates = false } },
            "session-store-unfit" => odoo with
            {
                Sessions = odoo.Sessions! with { Methods = odoo.Sessions.Methods.Remove("rotate") },
            },
            "session-format-changed" => odoo with { Sessions = odoo.Sessions! with { Format = "pickle" } },
            "manifest-refused" => odoo with
            {
                Addons = [new("bad", "addons/bad", null, false, false, "Invalid version")],
            },
            "module-otherwise" => odoo with
            {
                Addons = [odoo.Addons!.Value[0] with { Difference = "Odoo does not find it" }],
            },
            "dependency-missing" => odoo with
            {
                Addons = odoo.Addons!.Value.Add(new("promo", "addons/promo", "19.0.1.0", true, false, null)),
                Dependencies = [new("python", "stripe", ["promo"], "no such module")],
            },
            "neutralisation-missing" => odoo with { Neutralisation = new([], []) },
            "files-in-future" => odoo with { Files = odoo.Files! with { InFuture = 3 } },
            _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
        };

    private static CapabilityRecord Route(string name, int status) =>
        Odoo19.Record with
        {
            Server = Odoo19.Record.Server with
            {
                Routes =
                [
                    .. Odoo19.Record.Server.Routes.Select(route =>
                        route.Name == name ? route with { Status = status } : route
                    ),
                ],
            },
        };
}
