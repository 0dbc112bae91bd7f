package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import io.github.cdklabs.cdknag.NagReportFormat;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.Tags;

/// Synthesises the templates of one stage: `npx cdk synth -c stage=example`.
public final class DeployApp {

    private static final AnalyticsFunction.FunctionAssets PACKED =
            new AnalyticsFunction.FunctionAssets(
                    Path.of("..", "analytics-lambda", "target", "analytics-lambda-function.zip"),
                    Path.of("certificates"));

    private DeployApp() {}

    public static void main(String[] args) {
        var app = new App();
        build(app, stageOf(app), Topology.load());
        app.synth();
    }

    private static Stage stageOf(App app) {
        if (app.getNode().tryGetContext("stage") instanceof String name) {
            return Stage.read(Path.of("stages", name + ".json"));
        }
        throw new IllegalArgumentException(
                "missing stage: use -c stage=<name of a file in stages/>");
    }

    /// Adds all stacks of a stage to an app, in the order of their dependencies, with the checks of
    /// cdk-nag.
    static void build(App app, Stage stage, Topology topology) {
        build(app, stage, topology, PACKED);
    }

    /// @param assets the assets of the function, for a stage with `LAMBDA` analytics
    static void build(
            App app, Stage stage, Topology topology, AnalyticsFunction.FunctionAssets assets) {
        // Context that CDK would otherwise query from the account.
        app.getNode()
                .setContext(
                        "availability-zones:account=%s:region=%s"
                                .formatted(stage.account(), stage.region()),
                        stage.availabilityZones());
        var properties =
                StackProps.builder()
                        .env(
                                Environment.builder()
                                        .account(stage.account())
                                        .region(stage.region())
                                        .build())
                        .terminationProtection(true)
                        .build();
        var foundation = new FoundationStack(app, properties, topology);
        var network = new NetworkStack(app, properties, stage, foundation);
        var data = new DataStack(app, properties, stage, foundation, network);
        var messaging = new MessagingStack(app, properties, stage, topology);
        var identity = new IdentityStack(app, properties, stage);
        var services =
                new ServicesStack(
                        app,
                        properties,
                        stage,
                        topology,
                        foundation,
                        network,
                        data,
                        messaging,
                        identity,
                        assets);
        new WorkflowStack(app, properties, stage, topology, foundation, network, data, messaging);
        new MonitoringStack(
                app,
                properties,
                stage,
                topology,
                foundation,
                messaging,
                PlatformResources.of(stage, topology, services));
        Suppressions.applyTo(app, stage);
        Tags.of(app).add("project", "orderflow");
        Tags.of(app).add("stage", stage.name());
        Aspects.of(app)
                .add(
                        AwsSolutionsChecks.Builder.create()
                                .reports(true)
                                .reportFormats(List.of(NagReportFormat.JSON))
                                .build());
    }
}
