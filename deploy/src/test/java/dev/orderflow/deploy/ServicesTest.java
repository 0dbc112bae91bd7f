package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.deploy.SynthesizedApp.TemplateResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class ServicesTest {

    /// Spring Boot waits 25 s in each of two phases, and a load balancer continues to send requests
    /// for 30 s.
    private static final int DRAINED = 80;

    private static final Pattern SECRET = Pattern.compile("KEYS?(_|$)|PASSWORD|SECRET|APIKEY");

    /// Settings of containers only: no TLS, passwords and keys that are not secret, the sandbox
    /// gateway and the S3 of local-cloud.
    private static final Set<String> ON_ONE_MACHINE =
            Set.of(
                    "SPRING_PROFILES_ACTIVE",
                    "LOGGING_STRUCTURED_FORMAT_CONSOLE",
                    "SPRING_DATASOURCE_PASSWORD",
                    "SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE",
                    "ORDERFLOW_PAYMENT_GATEWAY_URL",
                    "ORDERFLOW_CLAIMCHECKS_PATHSTYLE",
                    "ORDERFLOW_ORDER_PERSONALDATA_LOCALKEYS_0");

    private final SynthesizedApp synthesis = SynthesizedApp.get();
    private final TemplateText readable = new TemplateText(synthesis);

    @ParameterizedTest
    @EnumSource
    void aTaskRunsWithoutPrivileges(DeployedService service) {
        var task = task(service);
        assertThat(task.at("RuntimePlatform", "CpuArchitecture").asString()).isEqualTo("ARM64");
        var container = container(service);
        assertThat(container.path("User").asString()).isEqualTo("10001:10001");
        assertThat(container.path("ReadonlyRootFilesystem").booleanValue()).isTrue();
        assertThat(container.path("LinuxParameters").path("Capabilities").path("Drop"))
                .hasSize(1)
                .allSatisfy(dropped -> assertThat(dropped.asString()).isEqualTo("ALL"));
        assertThat(container.path("MountPoints"))
                .hasSize(1)
                .allSatisfy(
                        it -> assertThat(it.path("ContainerPath").asString()).isEqualTo("/tmp"));
    }

    @ParameterizedTest
    @EnumSource
    void aTaskHasAHealthCheckAndTimeForAGracefulShutdown(DeployedService service) {
        var container = container(service);
        assertThat(
                        container
                                .path("HealthCheck")
                                .path("Command")
                                .valueStream()
                                .map(JsonNode::asString))
                .containsExactly(
                        "CMD",
                        "java",
                        "@/app/healthy",
                        "127.0.0.1",
                        Integer.toString(service.managementPort()),
                        "/actuator/health/liveness");
        assertThat(container.path("StopTimeout").asInt()).isBetween(DRAINED, 120);
    }

    @ParameterizedTest
    @EnumSource
    void noSecretIsInTheEnvironment(DeployedService service) {
        var container = container(service);
        assertThat(
                        container
                                .path("Environment")
                                .valueStream()
                                .map(it -> it.path("Name").asString()))
                .isNotEmpty()
                .noneMatch(name -> SECRET.matcher(name.replace("KMSKEYID", "")).find());
        var injected =
                container
                        .path("Secrets")
                        .valueStream()
                        .map(it -> it.path("Name").asString())
                        .collect(Collectors.toSet());
        assertThat(injected)
                .isEqualTo(
                        service == DeployedService.PAYMENT
                                ? Set.of(
                                        "ORDERFLOW_INTERNALAPI_KEYS_0",
                                        "ORDERFLOW_INTERNALAPI_KEYS_1",
                                        "ORDERFLOW_PAYMENT_GATEWAY_APIKEY")
                                : Set.of(
                                        "ORDERFLOW_INTERNALAPI_KEYS_0",
                                        "ORDERFLOW_INTERNALAPI_KEYS_1"));
    }

    @ParameterizedTest
    @EnumSource
    void everyCallOfAServiceIsEncrypted(DeployedService service) {
        var environment = container(service).path("Environment");
        assertThat(environment.valueStream().map(it -> readable.text(it.path("Value"))))
                .noneMatch(value -> value.startsWith("http:"))
                .contains("jdbc:postgresql://database.Endpoint.Address:5432/" + service.database());
    }

    @ParameterizedTest
    @EnumSource
    void aFailedDeploymentIsRolledBack(DeployedService service) {
        var deployment = running(service).at("DeploymentConfiguration");
        assertThat(deployment.path("DeploymentCircuitBreaker").path("Enable").booleanValue())
                .isTrue();
        assertThat(deployment.path("DeploymentCircuitBreaker").path("Rollback").booleanValue())
                .isTrue();
        // A service that starts but answers with errors.
        var alarms = deployment.path("Alarms");
        assertThat(alarms.path("Enable").booleanValue()).isTrue();
        assertThat(alarms.path("Rollback").booleanValue()).isTrue();
        assertThat(alarms.path("AlarmNames").valueStream().map(JsonNode::asString))
                .contains(service.label() + "-release-errors")
                .allSatisfy(
                        name ->
                                assertThat(synthesis.resources("AWS::CloudWatch::Alarm"))
                                        .filteredOn(
                                                alarm ->
                                                        alarm.at("AlarmName")
                                                                .asString()
                                                                .equals(name))
                                        .singleElement()
                                        .satisfies(
                                                alarm ->
                                                        assertThat(alarm.stack())
                                                                .isEqualTo(
                                                                        running(service).stack())));
        assertThat(deployment.path("MinimumHealthyPercent").asInt()).isEqualTo(100);
        assertThat(running(service).at("DesiredCount").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void tasksScaleWithTheQueueBacklog(DeployedService service) {
        var queues =
                SynthesizedApp.TOPOLOGY.queues().stream()
                        .filter(queue -> queue.consumer().equals(service.label()))
                        .map(queue -> queue.name())
                        .collect(Collectors.toSet());
        var counted =
                synthesis.resources("AWS::ApplicationAutoScaling::ScalingPolicy").stream()
                        .filter(
                                policy ->
                                        policy.at("PolicyName")
                                                .asString()
                                                .equals(service.label() + "-backlog"))
                        .flatMap(
                                policy ->
                                        policy.at(
                                                        "TargetTrackingScalingPolicyConfiguration",
                                                        "CustomizedMetricSpecification",
                                                        "Metrics")
                                                .valueStream())
                        .flatMap(
                                metric ->
                                        metric.path("MetricStat")
                                                .path("Metric")
                                                .path("Dimensions")
                                                .valueStream())
                        .filter(dimension -> dimension.path("Name").asString().equals("QueueName"))
                        .map(dimension -> dimension.path("Value").asString())
                        .collect(Collectors.toSet());
        assertThat(counted).isEqualTo(queues);
    }

    /// CloudFormation creates a replacement before it deletes the original, which fails if both
    /// have the same fixed name.
    @Test
    void loadBalancersAndTargetGroupsGetTheirNamesFromCloudFormation() {
        for (var type :
                List.of(
                        "AWS::ElasticLoadBalancingV2::LoadBalancer",
                        "AWS::ElasticLoadBalancingV2::TargetGroup")) {
            assertThat(synthesis.resources(type))
                    .isNotEmpty()
                    .allMatch(resource -> resource.at("Name").isMissingNode());
        }
    }

    @Test
    void theMinimumNumberOfTasksIsThatOfTheSize() {
        assertThat(synthesis.resources("AWS::ApplicationAutoScaling::ScalableTarget"))
                .hasSize(DeployedService.values().length)
                .allSatisfy(
                        target -> {
                            assertThat(target.at("MinCapacity").asInt()).isEqualTo(2);
                            assertThat(target.at("MaxCapacity").asInt()).isEqualTo(4);
                        });
    }

    @Test
    void onlyThePublicPortOfOrderServiceFacesTheInternet() {
        var facing =
                synthesis.resources("AWS::ElasticLoadBalancingV2::LoadBalancer").stream()
                        .filter(it -> it.at("Scheme").asString().equals("internet-facing"))
                        .toList();
        assertThat(facing).hasSize(1);
        var targets =
                listeners(facing.getFirst())
                        .flatMap(listener -> actionsOf(listener))
                        .map(action -> action.path("TargetGroupArn"))
                        .filter(target -> !target.isMissingNode())
                        .map(readable::text)
                        .collect(Collectors.toSet());
        assertThat(targets).isEqualTo(Set.of("publicorderstargets"));
        assertThat(synthesis.resources("AWS::ElasticLoadBalancingV2::TargetGroup"))
                .filteredOn(group -> group.id().startsWith("publicorders"))
                .singleElement()
                .satisfies(group -> assertThat(group.at("Port").asInt()).isEqualTo(8080));
    }

    @Test
    void unknownPathsAreAnswered404AtThePublicPort() {
        var facing =
                synthesis.resources("AWS::ElasticLoadBalancingV2::ListenerRule").stream()
                        .filter(rule -> hosts(rule).contains("api.orderflow.example.com"))
                        .toList();
        assertThat(facing).hasSize(3);
        assertThat(
                        facing.stream()
                                .filter(rule -> rule.at("Priority").asInt() == 1)
                                .flatMap(ServicesTest::paths))
                .containsExactly("/internal/*", "/actuator/*");
        assertThat(
                        facing.stream()
                                .filter(rule -> rule.at("Priority").asInt() > 1)
                                .flatMap(ServicesTest::paths))
                .containsExactlyInAnyOrder(
                        "/orders",
                        "/orders/*",
                        "/catalogue",
                        "/catalogue/*",
                        "/v3/api-docs",
                        "/v3/api-docs/*",
                        "/swagger-ui.html",
                        "/swagger-ui/*");
    }

    @Test
    void theWorkflowReachesTwoPaths() {
        var rules =
                synthesis.resources("AWS::ElasticLoadBalancingV2::ListenerRule").stream()
                        .filter(
                                rule ->
                                        hosts(rule)
                                                .contains(
                                                        "workflow.internal.orderflow.example.com"))
                        .filter(rule -> paths(rule).findAny().isPresent());
        assertThat(
                        rules.map(
                                rule ->
                                        paths(rule).findFirst().orElseThrow()
                                                + " "
                                                + readable.text(
                                                        rule.at("Actions")
                                                                .path(0)
                                                                .path("TargetGroupArn"))))
                .containsExactlyInAnyOrder(
                        "/internal/reservations inventoryservicetargets",
                        "/internal/payments paymentservicetargets");
    }

    @Test
    void thePagesHaveAHostOfTheirOwnBehindTheInternalLoadBalancerAlone() {
        var rules =
                synthesis.resources("AWS::ElasticLoadBalancingV2::ListenerRule").stream()
                        .filter(
                                rule ->
                                        readable.text(
                                                        rule.at("Actions")
                                                                .path(0)
                                                                .path("TargetGroupArn"))
                                                .equals("pagestargets"))
                        .toList();
        assertThat(rules)
                .singleElement()
                .satisfies(
                        rule ->
                                assertThat(hosts(rule))
                                        .containsExactly("console.internal.orderflow.example.com"));
    }

    @Test
    void loadBalancersSpeakTlsAndAreKept() {
        assertThat(synthesis.resources("AWS::ElasticLoadBalancingV2::LoadBalancer"))
                .hasSize(2)
                .allSatisfy(
                        it -> {
                            var attributes =
                                    it.at("LoadBalancerAttributes")
                                            .valueStream()
                                            .map(
                                                    attribute ->
                                                            attribute.path("Key").asString()
                                                                    + "="
                                                                    + readable.text(
                                                                            attribute.path(
                                                                                    "Value")))
                                            .toList();
                            assertThat(attributes)
                                    .contains(
                                            "deletion_protection.enabled=true",
                                            "routing.http.drop_invalid_header_fields.enabled=true",
                                            "routing.http.desync_mitigation_mode=strictest",
                                            "access_logs.s3.enabled=true");
                        });
        assertThat(synthesis.resources("AWS::ElasticLoadBalancingV2::Listener"))
                .hasSize(3)
                .allSatisfy(
                        listener -> {
                            if (listener.at("Port").asInt() == 80) {
                                assertThat(
                                                listener.at("DefaultActions")
                                                        .path(0)
                                                        .path("Type")
                                                        .asString())
                                        .isEqualTo("redirect");
                            } else {
                                assertThat(listener.at("Protocol").asString()).isEqualTo("HTTPS");
                                assertThat(listener.at("SslPolicy").asString())
                                        .startsWith("ELBSecurityPolicy-TLS13-1-2-");
                            }
                        });
    }

    @Test
    void thePublicLoadBalancerHasAFirewall() {
        assertThat(synthesis.resources("AWS::WAFv2::WebACLAssociation"))
                .singleElement()
                .satisfies(
                        it ->
                                assertThat(readable.text(it.at("ResourceArn")))
                                        .startsWith("publicloadbalancer"));
        assertThat(
                        synthesis.resources("AWS::WAFv2::WebACL").stream()
                                .flatMap(acl -> acl.at("Rules").valueStream())
                                .map(rule -> rule.path("Name").asString()))
                .containsExactly(
                        "too-often",
                        "too-often-by-client",
                        "AWSManagedRulesAmazonIpReputationList",
                        "AWSManagedRulesCommonRuleSet",
                        "AWSManagedRulesKnownBadInputsRuleSet");
    }

    /// The program of a shop calls for all its customers from few addresses.
    @Test
    void theLimitByAddressDoesNotApplyToClientAddresses() {
        var limits =
                synthesis.resources("AWS::WAFv2::WebACL").stream()
                        .flatMap(acl -> acl.at("Rules").valueStream())
                        .map(rule -> rule.path("Statement").path("RateBasedStatement"))
                        .filter(limit -> limit.isObject())
                        .toList();
        assertThat(limits).hasSize(2);
        assertThat(
                        limits.getFirst()
                                .at("/ScopeDownStatement/NotStatement/Statement")
                                .has("IPSetReferenceStatement"))
                .isTrue();
        assertThat(limits.getLast().at("/CustomKeys/0/Header/Name").asString())
                .isEqualTo("authorization");
        assertThat(
                        synthesis
                                .resources("AWS::WAFv2::IPSet")
                                .getFirst()
                                .at("Addresses")
                                .valueStream()
                                .map(JsonNode::asString))
                .isEqualTo(SynthesizedApp.STAGE.clientAddresses());
    }

    /// WAF inspects 8 KB of a body behind a load balancer, and its managed rules block longer ones.
    @Test
    void theFirewallAllowsBodiesThatTheApiAccepts() {
        assertThat(
                        synthesis.resources("AWS::WAFv2::WebACL").stream()
                                .flatMap(acl -> acl.at("Rules").valueStream())
                                .flatMap(
                                        rule ->
                                                rule.at(
                                                                "/Statement/ManagedRuleGroupStatement/RuleActionOverrides")
                                                        .valueStream()))
                .singleElement()
                .satisfies(
                        override -> {
                            assertThat(override.path("Name").asString())
                                    .isEqualTo("SizeRestrictions_BODY");
                            assertThat(override.path("ActionToUse").has("Count")).isTrue();
                        });
    }

    @Test
    void blockedRequestsAreLoggedWithoutTokens() {
        assertThat(synthesis.resources("AWS::WAFv2::LoggingConfiguration"))
                .singleElement()
                .satisfies(
                        log -> {
                            assertThat(log.at("RedactedFields").toString())
                                    .contains("authorization");
                            assertThat(log.at("LogDestinationConfigs").toString())
                                    .contains("log-group:aws-waf-logs-");
                        });
    }

    /// Unauthenticated e-mails bounce, and SES stops an account with too many bounces.
    @Test
    void mailIsAuthenticatedAndBouncesAreSuppressed() {
        var domain = SynthesizedApp.STAGE.domain();
        assertThat(synthesis.resources("AWS::Route53::RecordSet"))
                .extracting(
                        record -> readable.text(record.at("Name")) + record.at("Type").asString())
                .contains(
                        "_dmarc." + domain + ".TXT",
                        "mail." + domain + ".MX",
                        "mail." + domain + ".TXT");
        assertThat(synthesis.resources("AWS::SES::ConfigurationSet"))
                .singleElement()
                .satisfies(
                        set ->
                                assertThat(
                                                set.at("SuppressionOptions", "SuppressedReasons")
                                                        .valueStream()
                                                        .map(JsonNode::asString))
                                        .containsExactlyInAnyOrder("BOUNCE", "COMPLAINT"));
        assertThat(synthesis.resources("AWS::SES::EmailIdentity"))
                .singleElement()
                .satisfies(
                        identity ->
                                assertThat(identity.at("ConfigurationSetAttributes").isObject())
                                        .isTrue());
    }

    @Test
    void imageTagsAreImmutable() {
        assertThat(synthesis.resources("AWS::ECR::Repository"))
                .hasSize(DeployedService.values().length)
                .allSatisfy(
                        repository -> {
                            assertThat(repository.at("ImageTagMutability").asString())
                                    .isEqualTo("IMMUTABLE");
                            assertThat(
                                            repository
                                                    .at("ImageScanningConfiguration", "ScanOnPush")
                                                    .booleanValue())
                                    .isTrue();
                        });
    }

    /// Otherwise all callers without a token would share the rate limit of the load balancer's
    /// address.
    @Test
    void orderServiceLimitsRequestsByTheAddressOfTheClient() {
        assertThat(container(DeployedService.ORDER).path("Environment").valueStream())
                .filteredOn(
                        it -> it.path("Name").asString().equals("SERVER_FORWARDHEADERSSTRATEGY"))
                .extracting(it -> it.path("Value").asString())
                .containsExactly("native");
    }

    /// Detects settings of a service that exist in compose but not here.
    @Test
    void servicesHaveTheSamePropertiesAsInCompose() throws IOException {
        var compose = Files.readString(Path.of("..", "docker-compose.yml"));
        var settings =
                compose.substring(compose.indexOf("x-settings:"), compose.indexOf("\nservices:"));
        var inCompose =
                Pattern.compile("^  ([A-Z][A-Z0-9_]+):", Pattern.MULTILINE)
                        .matcher(settings)
                        .results()
                        .map(found -> found.group(1))
                        .filter(name -> !ON_ONE_MACHINE.contains(name))
                        .collect(Collectors.toSet());
        var inTasks =
                Stream.of(DeployedService.values())
                        .map(this::container)
                        .flatMap(
                                container ->
                                        Stream.of("Environment", "Secrets")
                                                .flatMap(
                                                        kind -> container.path(kind).valueStream()))
                        .map(it -> it.path("Name").asString())
                        .collect(Collectors.toSet());
        assertThat(inCompose).hasSizeGreaterThan(10);
        assertThat(inTasks).containsAll(inCompose);
    }

    private Stream<TemplateResource> listeners(TemplateResource loadBalancer) {
        return synthesis.resources("AWS::ElasticLoadBalancingV2::Listener").stream()
                .filter(
                        listener ->
                                listener.at("LoadBalancerArn", "Ref")
                                        .asString()
                                        .equals(loadBalancer.id()));
    }

    private Stream<JsonNode> actionsOf(TemplateResource listener) {
        return Stream.concat(
                listener.at("DefaultActions").valueStream(),
                synthesis.resources("AWS::ElasticLoadBalancingV2::ListenerRule").stream()
                        .filter(
                                rule ->
                                        rule.at("ListenerArn", "Ref")
                                                .asString()
                                                .equals(listener.id()))
                        .flatMap(rule -> rule.at("Actions").valueStream()));
    }

    private static List<String> hosts(TemplateResource rule) {
        return values(rule, "HostHeaderConfig").toList();
    }

    private static Stream<String> paths(TemplateResource rule) {
        return values(rule, "PathPatternConfig");
    }

    private static Stream<String> values(TemplateResource rule, String kind) {
        return rule.at("Conditions")
                .valueStream()
                .flatMap(condition -> condition.path(kind).path("Values").valueStream())
                .map(JsonNode::asString);
    }

    private TemplateResource task(DeployedService service) {
        return synthesis.resources("AWS::ECS::TaskDefinition").stream()
                .filter(it -> it.at("Family").asString().equals("orderflow-" + service.label()))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode container(DeployedService service) {
        return task(service).at("ContainerDefinitions").path(0);
    }

    private TemplateResource running(DeployedService service) {
        return synthesis.resources("AWS::ECS::Service").stream()
                .filter(it -> it.at("ServiceName").asString().equals(service.label()))
                .findFirst()
                .orElseThrow();
    }
}
