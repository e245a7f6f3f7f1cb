using CsCheck;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.DesiredState.Views;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Tests.DesiredState;

public sealed class FleetPropertyTests
{
    [Fact]
    public void What_is_written_of_a_fleet_is_read_as_the_same_fleet() =>
        FleetGenerator.Fleet.Sample(
            fleet =>
            {
                var again = Write(fleet).Fleet();

                Assert.Empty(DesiredFleetComparison.Compare(fleet, again));
                Assert.Equal(
                    FleetRendering.Yaml(FleetRendering.Of(fleet)),
                    FleetRendering.Yaml(FleetRendering.Of(again))
                );
            },
            iter: 200
        );

    [Fact]
    public void A_fleet_does_not_differ_from_itself() =>
        FleetGenerator.Fleet.Sample(
            fleet =>
                Assert.Empty(
                    DesiredFleetComparison.Compare(
                        fleet,
                        fleet with
                        {
                            Tenants = new(fleet.Tenants.Select(tenant => tenant with { })),
                        }
                    )
                ),
            iter: 200
        );

    [Fact]
    public void The_other_way_round_every_change_is_the_other_way_round() =>
        Gen.Select(FleetGenerator.Fleet, FleetGenerator.Fleet)
            .Sample(
                (left, right) =>
                {
                    var forth = DesiredFleetComparison.Compare(left, right);
                    var back = DesiredFleetComparison.Compare(right, left);

                    Assert.Equal(forth.Select(Shown), back.Select(Turned).Select(Shown));
                },
                iter: 200
            );

    [Fact]
    public void A_changed_key_is_shown_with_both_values()
    {
        var before = MemoryFiles.Example();
        var after = MemoryFiles
            .Example()
            .Put("pools/shared.yaml", before.Text("pools/shared.yaml") + "options: {limit_time_cpu: 300}\n")
            .Remove("tenants/shop-oslo.yaml");

        var changes = DesiredFleetComparison.Compare(before.Fleet(), after.Fleet());

        Assert.Equal(
            ["pool shared Changed", "tenant shop-oslo Removed"],
            changes.Select(change => $"{change.Noun} {change.Name} {change.Kind}")
        );
        Assert.Equal([new KeyChange("options.limit_time_cpu", "120", "300")], changes[0].Keys);
        Assert.Contains(new KeyChange("hosts", "[oslo.shops.example]", null), changes[1].Keys);
    }

    private static MemoryFiles Write(DesiredFleet fleet)
    {
        var files = new MemoryFiles().Put(
            FleetLayout.Root,
            ObjectText.Yaml(OrganisationSchema.Schema, fleet.Organisation)
        );
        Put(SiteSchema.Schema, Folders.Sites, fleet.Sites);
        Put(EnvironmentSchema.Schema, Folders.Environments, fleet.Environments);
        Put(PoolSchema.Schema, Folders.Pools, fleet.Pools);
        Put(TenantSchema.Schema, Folders.Tenants, fleet.Tenants);
        Put(ReleaseSchema.Schema, Folders.Releases, fleet.Releases);
        Put(PolicySchema.Schema, Folders.Policies, fleet.Policies);
        Put(ObjectiveSchema.Schema, Folders.Objectives, fleet.Objectives);
        Put(CalendarSchema.Schema, Folders.Calendars, fleet.Calendars);
        return files;

        void Put<TName, TObject>(ObjectSchema schema, ObjectFolder folder, NamedObjects<TName, TObject> objects)
            where TName : struct, IName<TName>
            where TObject : class, INamed<TName>
        {
            foreach (var each in objects)
            {
                files.Put(folder.FileOf(each.Name.Value), ObjectText.Yaml(schema, each));
            }
        }
    }

    private static ObjectChange Turned(ObjectChange change) =>
        change with
        {
            Kind = change.Kind switch
            {
                ChangeKind.Added => ChangeKind.Removed,
                ChangeKind.Removed => ChangeKind.Added,
                ChangeKind.Changed => ChangeKind.Changed,
            },
            Keys = [.. change.Keys.Select(key => new KeyChange(key.Key, key.After, key.Before))],
        };

    private static string Shown(ObjectChange change) =>
        $"{change.Kind} {change.Noun} {change.Name} {string.Join(';', change.Keys)}";
}
