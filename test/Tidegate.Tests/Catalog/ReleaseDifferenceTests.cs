using System.Collections.Immutable;
using CsCheck;
using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Gates;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Catalog.Python;

namespace Tidegate.Tests.Catalog;

/// <summary>Comparing two releases, over releases drawn at random from few names, so that they have much in common.</summary>
public sealed class ReleaseDifferenceTests
{
    private static readonly Gen<string> Hash = One("00", "11", "22");

    private static readonly Gen<ModuleFile> AFile = Gen.Select(
        One("__manifest__.py", "models.py", "data/views.xml", "i18n/nb.po", "migrations/19.0.1.1.0/post-x.py"),
        Hash,
        (path, hash) => new ModuleFile(path, hash, DateTime.UnixEpoch, DateTime.UnixEpoch)
    );

    private static readonly Gen<FieldFact> AField = Gen.Select(
        One("name", "partner_id", "amount"),
        One("Char", "Many2one", "One2many", "Date"),
        Gen.Int[1, 3],
        Gen.Bool,
        One<string?>(null, "_compute"),
        One("a", "b"),
        (name, type, line, required, compute, choice) =>
            new FieldFact(name, type, line, Required: required, Compute: compute) { Selection = [choice] }
    );

    private static readonly Gen<ModelFact> AModel = Gen.Select(
        One("sale.order", "promo"),
        Gen.Bool,
        AField.Array[0, 3],
        Gen.Select(One("unique_name", "positive"), Hash).Array[0, 2],
        (name, creates, fields, rules) =>
            new ModelFact(
                name,
                creates,
                creates ? [] : [name],
                ImmutableDictionary<string, string>.Empty,
                "model",
                "models.py",
                1,
                Open: false,
                [.. fields.DistinctBy(field => field.Name)],
                [.. rules.DistinctBy(rule => rule.Item1).Select(rule => new RuleFact(rule.Item1, 1, rule.Item2))]
            )
    );

    private static readonly Gen<RecordFact> AView = Gen.Select(
        One("view_a", "view_b", "base.view_c"),
        Hash,
        (id, hash) => new RecordFact(id, "ir.ui.view", "data/views.xml", 1, hash)
    );

    private static readonly Gen<ModuleView> AModule = Gen.Select(
        Gen.Select(
            One("base", "sale", "promo", "stock"),
            One("19.0.1.0.0", "19.0.1.1.0", "19.0.2.0.0"),
            One("base", "sale").Array[0, 2],
            One("{}", "{'license': 'LGPL-3'}", "{'external_dependencies': {'python': ['zeep']}}")
        ),
        AFile.Array[0, 5],
        AModel.Array[0, 2],
        AView.Array[0, 3],
        (head, files, models, views) =>
            Module(head.Item1, head.Item2, head.Item3, head.Item4) with
            {
                Files = [.. files.DistinctBy(file => file.Path).OrderBy(file => file.Path, StringComparer.Ordinal)],
                Facts = ModuleFacts.Unread(head.Item1, "") with
                {
                    Problems = [],
                    Models = [.. models],
                    Records = [.. views],
                    Migrations = [new("migrations/19.0.1.1.0/post-x.py", "function", [])],
                },
            }
    );

    private static readonly Gen<ReleaseFacts> ARelease = Gen.Select(
        AModule.Array[0, 5],
        AFile.Array[0, 2],
        (modules, core) =>
            new ReleaseFacts(
                new OdooCore("19.0", "19.0", "core", null, []),
                modules
                    .DistinctBy(module => module.Name)
                    .ToImmutableSortedDictionary(module => module.Name, module => module),
                [],
                IsBundle: false,
                MissingPython.Nothing
            )
            {
                CoreFiles = [.. core.DistinctBy(file => file.Path)],
            }
    );

    [Fact]
    public void A_release_differs_in_nothing_from_itself_wherever_its_lines_stand() =>
        ARelease.Sample(release =>
        {
            var difference = ReleaseDifference.Of(new GateInput(Moved(release), release));

            Assert.Empty(difference.Added);
            Assert.Empty(difference.Removed);
            Assert.Empty(difference.Changed);
            Assert.Empty(difference.Fields);
            Assert.Empty(difference.CoreFiles);
            Assert.Empty(difference.Python);
        });

    [Fact]
    public void What_is_added_one_way_is_removed_the_other_way_and_what_changes_changes_both_ways() =>
        Gen.Select(ARelease, ARelease)
            .Sample(
                (first, second) =>
                {
                    var there = ReleaseDifference.Of(new GateInput(second, first));
                    var back = ReleaseDifference.Of(new GateInput(first, second));

                    Assert.Equal(there.Added, back.Removed);
                    Assert.Equal(there.Removed, back.Added);
                    Assert.Equal(there.CoreFiles, Turned(back.CoreFiles));
                    Assert.Equal(there.Python, Turned(back.Python));
                    Assert.Equal(
                        there.Fields.Select(field => (field.Model, field.Field, field.Change)),
                        back.Fields.Select(field => (field.Model, field.Field, Turned(field.Change)))
                    );
                    Assert.Equal(
                        there.Changed.Select(module => (module.Module, module.From, module.To)),
                        back.Changed.Select(module => (module.Module, module.To, module.From))
                    );
                    foreach (var (one, other) in there.Changed.Zip(back.Changed))
                    {
                        Assert.Equal(one.Files, Turned(other.Files));
                        Assert.Equal(one.Data, Turned(other.Data));
                        Assert.Equal(one.Views, Turned(other.Views));
                        Assert.Equal(one.Depends, Turned(other.Depends));
                        Assert.Equal(one.ManifestKeys, other.ManifestKeys);
                    }
                },
                iter: 2000
            );

    [Fact]
    public void A_difference_is_never_empty_where_a_file_of_a_module_differs() =>
        Gen.Select(ARelease, ARelease)
            .Sample(
                (first, second) =>
                    Assert.Equal(
                        Contents(first).SetEquals(Contents(second)),
                        ReleaseDifference.Of(new GateInput(second, first))
                            is {
                                Added.IsEmpty: true,
                                Removed.IsEmpty: true,
                                Changed.IsEmpty: true,
                                CoreFiles.IsEmpty: true
                            }
                    ),
                iter: 2000
            );

    [Fact]
    public void Scripts_run_towards_the_higher_version_alone()
    {
        var (older, newer) = (Promo("19.0.1.0.0", "00"), Promo("19.0.1.1.0", "11"));

        Assert.Equal(
            ["migrations/19.0.1.1.0/post-x.py"],
            Assert.Single(ReleaseDifference.Of(new GateInput(newer, older)).Changed).Migrations
        );
        Assert.Empty(Assert.Single(ReleaseDifference.Of(new GateInput(older, newer)).Changed).Migrations);
    }

    [Fact]
    public void A_choice_that_is_added_to_a_selection_is_told_and_makes_no_class()
    {
        ReleaseFacts Choosing(params string[] choices)
        {
            var model = new ModelFact(
                "promo",
                true,
                [],
                ImmutableDictionary<string, string>.Empty,
                "model",
                "models.py",
                1,
                Open: false,
                [new FieldFact("state", "Selection", 1) { Selection = [.. choices] }],
                []
            );
            var module = Module("promo", "19.0.1.0.0", [], "{}");
            return Of(module with { Facts = module.Facts with { Models = [model] } });
        }

        var field = Assert.Single(
            ReleaseDifference.Of(new GateInput(Choosing("draft", "sent"), Choosing("draft"))).Fields
        );

        Assert.Equal(
            ("promo", "state", Change.Changed, SchemaEffect.None),
            (field.Model, field.Field, field.Change, field.Effect)
        );
    }

    private static Gen<T> One<T>(params T[] options) => Gen.Int[0, options.Length - 1].Select(index => options[index]);

    private static ReleaseFacts Promo(string version, string hash)
    {
        var module = Module("promo", version, [], "{}");
        return Of(
            module with
            {
                Files = [new("models.py", hash, DateTime.UnixEpoch, DateTime.UnixEpoch)],
                Facts = module.Facts with { Migrations = [new("migrations/19.0.1.1.0/post-x.py", "function", [])] },
            }
        );
    }

    private static ReleaseFacts Of(ModuleView module) =>
        new(
            new OdooCore("19.0", "19.0", "core", null, []),
            ImmutableSortedDictionary<string, ModuleView>.Empty.Add(module.Name, module),
            [],
            IsBundle: false,
            MissingPython.Nothing
        );

    private static HashSet<(string Module, string Path, string Hash)> Contents(ReleaseFacts release) =>
        release
            .Modules.Values.SelectMany(module => module.Files.Select(file => (module.Name, file.Path, file.Hash)))
            .Concat(release.Modules.Keys.Select(name => (name, "", "")))
            .Concat(release.CoreFiles.Select(file => ("", file.Path, file.Hash)))
            .ToHashSet();

    /// <summary>The same release, read from a file in which everything stands lower.</summary>
    private static ReleaseFacts Moved(ReleaseFacts release) =>
        release with
        {
            Modules = release
                .Modules.Values.Select(module =>
                    module with
                    {
                        Facts = module.Facts with
                        {
                            Models =
                            [
                                .. module.Facts.Models.Select(model =>
                                    model with
                                    {
                                        Line = model.Line + 7,
                                        Fields =
                                        [
                                            .. model.Fields.Select(field =>
                                                field with
                                                {
                                                    Line = field.Line + 7,
                                                    Selection = [.. field.Selection],
                                                }
                                            ),
                                        ],
                                    }
                                ),
                            ],
                        },
                    }
                )
                .ToImmutableSortedDictionary(module => module.Name, module => module),
        };

    private static IEnumerable<ItemChange> Turned(IEnumerable<ItemChange> items) =>
        items.Select(item => item with { Change = Turned(item.Change) });

    private static Change Turned(Change change) =>
        change switch
        {
            Change.Added => Change.Removed,
            Change.Removed => Change.Added,
            Change.Changed => Change.Changed,
        };

    private static ModuleView Module(string name, string version, string[] depends, string manifest)
    {
        var map = (PythonValue.Map)((PythonLiteral.Read)PythonLiteral.Parse(manifest)).Root.Value;
        return new(
            new(name, $"addons/{name}", version, [.. depends], null, true, ""),
            $"/addons/{name}",
            IsAddon: true,
            new(map.Entries),
            ModuleFacts.Unread(name, "") with
            {
                Problems = [],
            },
            []
        );
    }
}
