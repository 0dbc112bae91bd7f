package dev.orderflow.deploy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.elasticloadbalancingv2.AddApplicationActionProps;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationListener;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationLoadBalancer;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationTargetGroup;
import software.amazon.awscdk.services.elasticloadbalancingv2.DesyncMitigationMode;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerAction;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerCondition;
import software.amazon.awscdk.services.route53.ARecord;
import software.amazon.awscdk.services.route53.IHostedZone;
import software.amazon.awscdk.services.route53.PrivateHostedZone;
import software.amazon.awscdk.services.route53.RecordTarget;
import software.amazon.awscdk.services.route53.targets.LoadBalancerTarget;
import software.amazon.awscdk.services.s3.IBucket;
import software.constructs.Construct;

/// The load balancer of the internal API: services are called at `<service>.internal.<domain>`.
///
/// The workflow uses the name `workflow.internal.<domain>`, which serves only the two paths of its
/// steps; the name `console.internal.<domain>` serves the pages of operations-console to browsers
/// of operators. The first is the only public DNS name, because VPC Lattice resolves names
/// publicly; its private addresses are unreachable from outside. The certificate is public, because
/// Step Functions accepts no private one.
final class InternalLoadBalancer extends Construct {

    private static final String WORKFLOW = "workflow";
    private static final String PAGES = "console";

    /// Longer than an operator's command waits for a response, such as that of `audit --now`, and
    /// shorter than services keep an idle connection (`server.tomcat.keep-alive-timeout`).
    private static final Duration IDLE_TIMEOUT = Duration.seconds(160);

    private final ApplicationLoadBalancer loadBalancer;

    InternalLoadBalancer(
            Construct scope,
            Stage stage,
            NetworkStack network,
            IHostedZone publicZone,
            IBucket log,
            Map<DeployedService, ApplicationTargetGroup> behind,
            ApplicationTargetGroup pages) {
        super(scope, "internal");
        loadBalancer =
                ApplicationLoadBalancer.Builder.create(this, "load-balancer")
                        .vpc(network.vpc())
                        .vpcSubnets(network.isolatedSubnets())
                        .internetFacing(false)
                        .securityGroup(
                                network.groupOf(SecurityGroupRules.INTERNAL_LOAD_BALANCER, this))
                        .deletionProtection(true)
                        .dropInvalidHeaderFields(true)
                        .desyncMitigationMode(DesyncMitigationMode.STRICTEST)
                        .idleTimeout(IDLE_TIMEOUT)
                        .build();
        loadBalancer.logAccessLogs(log, "internal");
        var listener = HttpsListener.add(this, loadBalancer, "*." + domain(stage), publicZone);
        addWorkflowRules(listener, stage, behind);
        forward(
                listener,
                "pages",
                4,
                List.of(ListenerCondition.hostHeaders(List.of(pagesHost(stage)))),
                pages);
        int priority = 10;
        for (var service : behind.keySet()) {
            forward(
                    listener,
                    service.label(),
                    priority++,
                    List.of(ListenerCondition.hostHeaders(List.of(host(service, stage)))),
                    of(behind, service));
        }
        name("*", inside(stage, network));
        name(WORKFLOW + ".internal", publicZone);
    }

    private void addWorkflowRules(
            ApplicationListener listener,
            Stage stage,
            Map<DeployedService, ApplicationTargetGroup> behind) {
        step(listener, 1, stage, "/internal/reservations", of(behind, DeployedService.INVENTORY));
        step(listener, 2, stage, "/internal/payments", of(behind, DeployedService.PAYMENT));
        // All other paths of this host name.
        listener.addAction(
                "no-step",
                AddApplicationActionProps.builder()
                        .priority(3)
                        .conditions(
                                List.of(
                                        ListenerCondition.hostHeaders(
                                                List.of(workflowHost(stage)))))
                        .action(ListenerAction.fixedResponse(404))
                        .build());
    }

    private static ApplicationTargetGroup of(
            Map<DeployedService, ApplicationTargetGroup> behind, DeployedService service) {
        return Objects.requireNonNull(behind.get(service), service::label);
    }

    private static void step(
            ApplicationListener listener,
            int priority,
            Stage stage,
            String path,
            ApplicationTargetGroup target) {
        forward(
                listener,
                "step" + path.replace('/', '-'),
                priority,
                List.of(
                        ListenerCondition.hostHeaders(List.of(workflowHost(stage))),
                        ListenerCondition.pathPatterns(List.of(path, path + "/*"))),
                target);
    }

    private static void forward(
            ApplicationListener listener,
            String name,
            int priority,
            List<ListenerCondition> when,
            ApplicationTargetGroup target) {
        listener.addAction(
                name,
                AddApplicationActionProps.builder()
                        .priority(priority)
                        .conditions(when)
                        .action(ListenerAction.forward(List.of(target)))
                        .build());
    }

    private IHostedZone inside(Stage stage, NetworkStack network) {
        return PrivateHostedZone.Builder.create(this, "zone")
                .zoneName(domain(stage))
                .vpc(network.vpc())
                .build();
    }

    private void name(String record, IHostedZone zone) {
        ARecord.Builder.create(this, "name-of-" + record.replace("*", "all"))
                .zone(zone)
                .recordName(record)
                .target(RecordTarget.fromAlias(new LoadBalancerTarget(loadBalancer)))
                .build();
    }

    private static String domain(Stage stage) {
        return "internal." + stage.domain();
    }

    /// The host name of a service.
    static String host(DeployedService service, Stage stage) {
        return service.label() + "." + domain(stage);
    }

    /// The host name of the pages of operations-console.
    static String pagesHost(Stage stage) {
        return PAGES + "." + domain(stage);
    }

    /// The host name for calls of the workflow.
    static String workflowHost(Stage stage) {
        return WORKFLOW + "." + domain(stage);
    }

    ApplicationLoadBalancer loadBalancer() {
        return loadBalancer;
    }
}
