package dev.orderflow.deploy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.Stack;
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
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.route53.ARecord;
import software.amazon.awscdk.services.route53.IHostedZone;
import software.amazon.awscdk.services.route53.RecordTarget;
import software.amazon.awscdk.services.route53.targets.LoadBalancerTarget;
import software.amazon.awscdk.services.s3.IBucket;
import software.amazon.awscdk.services.wafv2.CfnIPSet;
import software.amazon.awscdk.services.wafv2.CfnLoggingConfiguration;
import software.amazon.awscdk.services.wafv2.CfnWebACL;
import software.amazon.awscdk.services.wafv2.CfnWebACLAssociation;
import software.constructs.Construct;

/// The only public entry point: `https://api.<domain>`, which forwards to the public port of
/// order-service.
///
/// It forwards a list of paths to a port that serves no others. A web application firewall blocks
/// requests that match managed rules of AWS, and callers that exceed the rate limits.
final class PublicLoadBalancer extends Construct {

    /// Per 5 minutes and address, except for [Stage#clientAddresses].
    private static final int MAX_REQUESTS_OF_ADDRESS = 2_000;

    /// Per 5 minutes and token. Tokens belong to programs, which order for all of their customers;
    /// a program may place 200 orders a second. The limits of order-service are per client, too.
    private static final int MAX_REQUESTS_OF_CLIENT = 60_000;

    /// WAF requires this prefix.
    private static final String LOG = "aws-waf-logs-orderflow";

    private static final List<String> API =
            List.of("/orders", "/orders/*", "/catalogue", "/catalogue/*");
    private static final List<String> API_DESCRIPTION =
            List.of("/v3/api-docs", "/v3/api-docs/*", "/swagger-ui.html", "/swagger-ui/*");

    /// These paths are served by other ports only.
    private static final List<String> NEVER_PUBLIC = List.of("/internal/*", "/actuator/*");

    private final ApplicationLoadBalancer loadBalancer;

    PublicLoadBalancer(
            Construct scope,
            Stage stage,
            NetworkStack network,
            IHostedZone zone,
            IBucket log,
            ApplicationTargetGroup orders,
            IKey storageKey) {
        super(scope, "public");
        var host = "api." + stage.domain();
        loadBalancer =
                ApplicationLoadBalancer.Builder.create(this, "load-balancer")
                        .vpc(network.vpc())
                        .vpcSubnets(network.publicSubnets())
                        .internetFacing(true)
                        .securityGroup(
                                network.groupOf(SecurityGroupRules.PUBLIC_LOAD_BALANCER, this))
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
                                                .port(Integer.toString(SecurityGroupRules.HTTPS))
                                                .permanent(true)
                                                .build()))
                        .build());
        var listener = HttpsListener.add(this, loadBalancer, host, zone);
        var toOrders = ListenerAction.forward(List.of(orders));
        rule(listener, 1, "not-for-the-world", host, NEVER_PUBLIC, notFound());
        rule(listener, 2, "api", host, API, toOrders);
        rule(listener, 3, "description", host, API_DESCRIPTION, toOrders);
        ARecord.Builder.create(this, "name")
                .zone(zone)
                .recordName("api")
                .target(RecordTarget.fromAlias(new LoadBalancerTarget(loadBalancer)))
                .build();
        firewall(stage, storageKey);
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

    private void firewall(Stage stage, IKey storageKey) {
        var firewall =
                CfnWebACL.Builder.create(this, "firewall")
                        .name("orderflow-public")
                        .scope("REGIONAL")
                        .defaultAction(
                                CfnWebACL.DefaultActionProperty.builder()
                                        .allow(CfnWebACL.AllowActionProperty.builder().build())
                                        .build())
                        .visibilityConfig(visibility("orderflow-public"))
                        .rules(
                                List.of(
                                        rateLimit(0, "too-often", fromAnAddress(stage)),
                                        rateLimit(1, "too-often-by-client", ofAClient()),
                                        managedRules(2, "AWSManagedRulesAmazonIpReputationList"),
                                        // Orders have up to 64 KiB, of which WAF inspects 8 KiB at
                                        // a load balancer; order-service limits the size.
                                        managedRules(
                                                3,
                                                "AWSManagedRulesCommonRuleSet",
                                                "SizeRestrictions_BODY"),
                                        managedRules(4, "AWSManagedRulesKnownBadInputsRuleSet")))
                        .build();
        CfnWebACLAssociation.Builder.create(this, "firewall-of-the-door")
                .webAclArn(firewall.getAttrArn())
                .resourceArn(loadBalancer.getLoadBalancerArn())
                .build();
        log(firewall, storageKey);
    }

    /// Logs blocked and counted requests, without tokens; allowed requests are in the access log of
    /// the load balancer.
    private void log(CfnWebACL firewall, IKey storageKey) {
        var log = LogGroups.create(this, LOG, storageKey);
        CfnLoggingConfiguration.Builder.create(this, "firewall-log")
                .resourceArn(firewall.getAttrArn())
                .logDestinationConfigs(
                        List.of(
                                "arn:aws:logs:%s:%s:log-group:%s"
                                        .formatted(
                                                Stack.of(this).getRegion(),
                                                Stack.of(this).getAccount(),
                                                LOG)))
                .redactedFields(
                        List.of(
                                CfnLoggingConfiguration.FieldToMatchProperty.builder()
                                        .singleHeader(Map.of("Name", "authorization"))
                                        .build()))
                .loggingFilter(
                        Map.of(
                                "DefaultBehavior",
                                "DROP",
                                "Filters",
                                List.of(
                                        Map.of(
                                                "Behavior",
                                                "KEEP",
                                                "Requirement",
                                                "MEETS_ANY",
                                                "Conditions",
                                                List.of(kept("BLOCK"), kept("COUNT"))))))
                .build()
                .getNode()
                .addDependency(log);
    }

    private static Map<String, Object> kept(String action) {
        return Map.of("ActionCondition", Map.of("Action", action));
    }

    private CfnWebACL.RateBasedStatementProperty fromAnAddress(Stage stage) {
        var limit =
                CfnWebACL.RateBasedStatementProperty.builder()
                        .aggregateKeyType("IP")
                        .limit(MAX_REQUESTS_OF_ADDRESS)
                        .evaluationWindowSec(300);
        if (!stage.clientAddresses().isEmpty()) {
            var known =
                    CfnIPSet.Builder.create(this, "client-addresses")
                            .name("orderflow-client-addresses")
                            .scope("REGIONAL")
                            .ipAddressVersion("IPV4")
                            .addresses(stage.clientAddresses())
                            .build();
            limit.scopeDownStatement(
                    CfnWebACL.StatementProperty.builder()
                            .notStatement(
                                    CfnWebACL.NotStatementProperty.builder()
                                            .statement(
                                                    CfnWebACL.StatementProperty.builder()
                                                            .ipSetReferenceStatement(
                                                                    CfnWebACL
                                                                            .IPSetReferenceStatementProperty
                                                                            .builder()
                                                                            .arn(known.getAttrArn())
                                                                            .build())
                                                            .build())
                                            .build())
                            .build());
        }
        return limit.build();
    }

    private static CfnWebACL.RateBasedStatementProperty ofAClient() {
        return CfnWebACL.RateBasedStatementProperty.builder()
                .aggregateKeyType("CUSTOM_KEYS")
                .customKeys(
                        List.of(
                                CfnWebACL.RateBasedStatementCustomKeyProperty.builder()
                                        .header(
                                                CfnWebACL.RateLimitHeaderProperty.builder()
                                                        .name("authorization")
                                                        .textTransformations(
                                                                List.of(
                                                                        CfnWebACL
                                                                                .TextTransformationProperty
                                                                                .builder()
                                                                                .priority(0)
                                                                                .type("NONE")
                                                                                .build()))
                                                        .build())
                                        .build()))
                .limit(MAX_REQUESTS_OF_CLIENT)
                .evaluationWindowSec(300)
                .build();
    }

    private static CfnWebACL.RuleProperty rateLimit(
            int priority, String name, CfnWebACL.RateBasedStatementProperty limit) {
        return CfnWebACL.RuleProperty.builder()
                .name(name)
                .priority(priority)
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
                .statement(CfnWebACL.StatementProperty.builder().rateBasedStatement(limit).build())
                .visibilityConfig(visibility(name))
                .build();
    }

    /// @param counted rules of the group that only count
    private static CfnWebACL.RuleProperty managedRules(
            int priority, String rules, String... counted) {
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
                                                .ruleActionOverrides(
                                                        Stream.of(counted)
                                                                .map(PublicLoadBalancer::count)
                                                                .toList())
                                                .build())
                                .build())
                .visibilityConfig(visibility(rules))
                .build();
    }

    private static CfnWebACL.RuleActionOverrideProperty count(String rule) {
        return CfnWebACL.RuleActionOverrideProperty.builder()
                .name(rule)
                .actionToUse(
                        CfnWebACL.RuleActionProperty.builder()
                                .count(CfnWebACL.CountActionProperty.builder().build())
                                .build())
                .build();
    }

    private static CfnWebACL.VisibilityConfigProperty visibility(String name) {
        return CfnWebACL.VisibilityConfigProperty.builder()
                .metricName(name)
                .cloudWatchMetricsEnabled(true)
                // Samples would contain headers with access tokens.
                .sampledRequestsEnabled(false)
                .build();
    }

    ApplicationLoadBalancer loadBalancer() {
        return loadBalancer;
    }
}
