package dev.orderflow.deploy;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.elasticloadbalancingv2.AddApplicationActionProps;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationListener;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationLoadBalancer;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationProtocol;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationTargetGroup;
import software.amazon.awscdk.services.elasticloadbalancingv2.BaseApplicationListenerProps;
import software.amazon.awscdk.services.elasticloadbalancingv2.DesyncMitigationMode;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerAction;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerCondition;
import software.amazon.awscdk.services.elasticloadbalancingv2.RedirectOptions;
import software.amazon.awscdk.services.route53.ARecord;
import software.amazon.awscdk.services.route53.IHostedZone;
import software.amazon.awscdk.services.route53.RecordTarget;
import software.amazon.awscdk.services.route53.targets.LoadBalancerTarget;
import software.amazon.awscdk.services.s3.IBucket;
import software.amazon.awscdk.services.wafv2.CfnWebACL;
import software.amazon.awscdk.services.wafv2.CfnWebACLAssociation;
import software.constructs.Construct;

/// The only door from outside: `https://api.<domain>`, to the public port of order-service.
///
/// What is let through is a list of paths, and it ends at a port that serves no others. In front of
/// it a firewall turns away what AWS knows as bad, and whoever asks too often.
final class PublicLoadBalancer extends Construct {

    /// In five minutes, from one address.
    private static final int MOST_REQUESTS = 2_000;

    private static final List<String> API =
            List.of("/orders", "/orders/*", "/catalogue", "/catalogue/*");
    private static final List<String> DESCRIPTION_OF_THE_API =
            List.of("/v3/api-docs", "/v3/api-docs/*", "/swagger-ui.html", "/swagger-ui/*");

    /// They are behind other ports, too.
    private static final List<String> NOT_FOR_THE_WORLD = List.of("/internal/*", "/actuator/*");

    private final ApplicationLoadBalancer loadBalancer;

    PublicLoadBalancer(
            Construct scope,
            Stage stage,
            NetworkStack network,
            IHostedZone zone,
            IBucket log,
            ApplicationTargetGroup orders) {
        super(scope, "public");
        var host = "api." + stage.domain();
        loadBalancer =
                ApplicationLoadBalancer.Builder.create(this, "load-balancer")
                        .vpc(network.vpc())
                        .vpcSubnets(network.open())
                        .internetFacing(true)
                        .securityGroup(network.groupOf(Traffic.PUBLIC_LOAD_BALANCER, this))
                        .deletionProtection(true)
                        .dropInvalidHeaderFields(true)
                        .desyncMitigationMode(DesyncMitigationMode.STRICTEST)
                        .build();
        loadBalancer.logAccessLogs(log, "public");
        loadBalancer.addListener(
                "http",
                BaseApplicationListenerProps.builder()
                        .port(80)
                        .protocol(ApplicationProtocol.HTTP)
                        .open(false)
                        .defaultAction(
                                ListenerAction.redirect(
                                        RedirectOptions.builder()
                                                .protocol("HTTPS")
                                                .port(Integer.toString(Traffic.HTTPS))
                                                .permanent(true)
                                                .build()))
                        .build());
        var listener = HttpsListener.add(this, loadBalancer, host, zone);
        var toOrders = ListenerAction.forward(List.of(orders));
        rule(listener, 1, "not-for-the-world", host, NOT_FOR_THE_WORLD, notFound());
        rule(listener, 2, "api", host, API, toOrders);
        rule(listener, 3, "description", host, DESCRIPTION_OF_THE_API, toOrders);
        ARecord.Builder.create(this, "name")
                .zone(zone)
                .recordName("api")
                .target(RecordTarget.fromAlias(new LoadBalancerTarget(loadBalancer)))
                .build();
        firewall();
    }

    private static ListenerAction notFound() {
        return ListenerAction.fixedResponse(404);
    }

    private static void rule(
            ApplicationListener listener,
            int priority,
            String name,
            String host,
            List<String> paths,
            ListenerAction action) {
        listener.addAction(
                name,
                AddApplicationActionProps.builder()
                        .priority(priority)
                        .conditions(
                                List.of(
                                        ListenerCondition.hostHeaders(List.of(host)),
                                        ListenerCondition.pathPatterns(paths)))
                        .action(action)
                        .build());
    }

    private void firewall() {
        var firewall =
                CfnWebACL.Builder.create(this, "firewall")
                        .name("orderflow-public")
                        .scope("REGIONAL")
                        .defaultAction(
                                CfnWebACL.DefaultActionProperty.builder()
                                        .allow(CfnWebACL.AllowActionProperty.builder().build())
                                        .build())
                        .visibilityConfig(visible("orderflow-public"))
                        .rules(
                                List.of(
                                        tooOften(),
                                        knownByAws(1, "AWSManagedRulesAmazonIpReputationList"),
                                        knownByAws(2, "AWSManagedRulesCommonRuleSet"),
                                        knownByAws(3, "AWSManagedRulesKnownBadInputsRuleSet")))
                        .build();
        CfnWebACLAssociation.Builder.create(this, "firewall-of-the-door")
                .webAclArn(firewall.getAttrArn())
                .resourceArn(loadBalancer.getLoadBalancerArn())
                .build();
    }

    private static CfnWebACL.RuleProperty tooOften() {
        return CfnWebACL.RuleProperty.builder()
                .name("too-often")
                .priority(0)
                .action(
                        CfnWebACL.RuleActionProperty.builder()
                                .block(
                                        CfnWebACL.BlockActionProperty.builder()
                                                .customResponse(
                                                        CfnWebACL.CustomResponseProperty.builder()
                                                                .responseCode(429)
                                                                .build())
                                                .build())
                                .build())
                .statement(
                        CfnWebACL.StatementProperty.builder()
                                .rateBasedStatement(
                                        CfnWebACL.RateBasedStatementProperty.builder()
                                                .aggregateKeyType("IP")
                                                .limit(MOST_REQUESTS)
                                                .evaluationWindowSec(300)
                                                .build())
                                .build())
                .visibilityConfig(visible("too-often"))
                .build();
    }

    private static CfnWebACL.RuleProperty knownByAws(int priority, String rules) {
        return CfnWebACL.RuleProperty.builder()
                .name(rules)
                .priority(priority)
                .overrideAction(CfnWebACL.OverrideActionProperty.builder().none(Map.of()).build())
                .statement(
                        CfnWebACL.StatementProperty.builder()
                                .managedRuleGroupStatement(
                                        CfnWebACL.ManagedRuleGroupStatementProperty.builder()
                                                .vendorName("AWS")
                                                .name(rules)
                                                .build())
                                .build())
                .visibilityConfig(visible(rules))
                .build();
    }

    private static CfnWebACL.VisibilityConfigProperty visible(String name) {
        return CfnWebACL.VisibilityConfigProperty.builder()
                .metricName(name)
                .cloudWatchMetricsEnabled(true)
                // A sample holds headers, and with them a customer's token.
                .sampledRequestsEnabled(false)
                .build();
    }

    ApplicationLoadBalancer loadBalancer() {
        return loadBalancer;
    }
}
