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

/// Builds the templates of one stage: `npx cdk synth -c stage=example`.
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
        throw new IllegalArgumentException("which stage? Say -c stage=<a file of stages/>");
    }

    /// Puts all stacks of a stage into an app, each after those it sees, with cdk-nag to check
    /// them.
    static void build(App app, Stage stage, Topology topology) {
        build(app, stage, topology, PACKED);
    }

    /// @param packed the function, for a stage that chose one
    static void build(
            App app, Stage stage, Topology topology, AnalyticsFunction.FunctionAssets packed) {
        // What CDK would otherwise ask the account for.
        app.getNode()
                .setContext(
                        "availability-zones:account=%s:region=%s"
                                .formatted(stage.account(), stage.region()),
                        stage.availabilityZones());
        var here =
                StackProps.builder()
                        .env(
                                Environment.builder()
                                        .account(stage.account())
                                        .region(stage.region())
                                        .build())
                        .terminationProtection(true)
                        .build();
        var foundation = new FoundationStack(app, here, topology);
        var network = new NetworkStack(app, here, stage, foundation);
        var data = new DataStack(app, here, stage, foundation, network);
        var messaging = new MessagingStack(app, here, stage, topology);
        var identity = new IdentityStack(app, here, stage);
        var services =
                new ServicesStack(
                        app,
                        here,
                        stage,
                        topology,
                        foundation,
                        network,
                        data,
                        messaging,
                        identity,
                        packed);
        new WorkflowStack(app, here, stage, topology, foundation, network, data, messaging);
        new MonitoringStack(
                app,
                here,
                stage,
                topology,
                foundation,
                data,
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
