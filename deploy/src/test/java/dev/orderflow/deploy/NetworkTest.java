package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.deploy.SynthesizedApp.TemplateResource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class NetworkTest {

    private static final String EVERYBODY = "0.0.0.0/0";
    private static final String S3 = "pl-63a5400a";

    /// The allowed connections between security groups, with their ports.
    private static final String GRAPH =
            """
            0.0.0.0/0              → public-load-balancer   80 443
            public-load-balancer   → order-service          8080 9080
            workflow               → internal-load-balancer 443
            operators              → internal-load-balancer 443
            operators              → database               5432
            operators              → aws                    443
            internal-load-balancer → order-service          8180 9080
            internal-load-balancer → inventory-service      8081 9081
            internal-load-balancer → payment-service        8082 9082
            internal-load-balancer → shipping-service       8083 9083
            internal-load-balancer → notification-service   8084 9084
            internal-load-balancer → analytics-service      8085 9085
            internal-load-balancer → operations-console     8086 8087 9086
            inventory-service      → internal-load-balancer 443
            shipping-service       → internal-load-balancer 443
            notification-service   → internal-load-balancer 443
            analytics-service      → internal-load-balancer 443
            operations-console     → internal-load-balancer 443
            order-service          → 0.0.0.0/0              443
            payment-service        → 0.0.0.0/0              443
            shipping-service       → 0.0.0.0/0              443
            operations-console     → 0.0.0.0/0              443
            order-service          → database               5432
            inventory-service      → database               5432
            payment-service        → database               5432
            shipping-service       → database               5432
            notification-service   → database               5432
            analytics-service      → database               5432
            operations-console     → database               5432
            database-setup         → database               5432
            analytics-function     → database               5432
            order-service          → aws                    443
            inventory-service      → aws                    443
            payment-service        → aws                    443
            shipping-service       → aws                    443
            notification-service   → aws                    443
            analytics-service      → aws                    443
            operations-console     → aws                    443
            database-setup         → aws                    443
            analytics-function     → aws                    443
            order-service          → pl-63a5400a            443
            inventory-service      → pl-63a5400a            443
            payment-service        → pl-63a5400a            443
            shipping-service       → pl-63a5400a            443
            notification-service   → pl-63a5400a            443
            analytics-service      → pl-63a5400a            443
            operations-console     → pl-63a5400a            443
            database-setup         → pl-63a5400a            443
            analytics-function     → pl-63a5400a            443
            """;

    private final SynthesizedApp synthesis = SynthesizedApp.get();
    private final TemplateText readable = new TemplateText(synthesis);

    @Test
    void noOtherIngressIsAllowed() {
        var actual =
                rules("SecurityGroupIngress")
                        .map(rule -> rule.edge(rule.other("SourceSecurityGroupId"), rule.group()))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(actual).isEqualTo(edges(edge -> !Set.of(EVERYBODY, S3).contains(edge[1])));
    }

    @Test
    void noOtherEgressIsAllowed() {
        var actual =
                rules("SecurityGroupEgress")
                        // CDK's rule for a group without egress.
                        .filter(rule -> !rule.json().path("IpProtocol").asString().equals("icmp"))
                        .map(
                                rule ->
                                        rule.edge(
                                                rule.group(),
                                                rule.other("DestinationSecurityGroupId")))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(actual).isEqualTo(edges(edge -> !edge[0].equals(EVERYBODY)));
    }

    private static Set<String> edges(Predicate<String[]> which) {
        return GRAPH.lines()
                .map(line -> line.split("[ →]+"))
                .filter(which)
                .flatMap(
                        words ->
                                Stream.of(words)
                                        .skip(2)
                                        .map(port -> words[0] + " → " + words[1] + " " + port))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// @param group the security group of the rule
    /// @param names the names of all groups, by id
    private record FirewallPort(String group, JsonNode json, Map<String, String> names) {

        String other(String property) {
            return Stream.of("CidrIp", "DestinationPrefixListId")
                    .filter(json::has)
                    .map(address -> json.path(address).asString())
                    .findFirst()
                    .orElseGet(() -> nameOf(json.path(property), names));
        }

        String edge(String from, String to) {
            assertThat(json.path("IpProtocol").asString()).isEqualTo("tcp");
            assertThat(json.path("FromPort")).isEqualTo(json.path("ToPort"));
            assertThat(json.path("Description").asString()).isNotBlank();
            return from + " → " + to + " " + json.path("FromPort").asInt();
        }
    }

    /// Inline rules of a group and separate rule resources.
    private Stream<FirewallPort> rules(String kind) {
        var groups = synthesis.resources("AWS::EC2::SecurityGroup");
        var names =
                groups.stream()
                        .collect(Collectors.toMap(TemplateResource::id, NetworkTest::nameOf));
        return Stream.concat(
                groups.stream()
                        .flatMap(
                                group ->
                                        group.at(kind)
                                                .valueStream()
                                                .map(
                                                        it ->
                                                                new FirewallPort(
                                                                        nameOf(group), it, names))),
                synthesis.resources("AWS::EC2::" + kind).stream()
                        .map(
                                rule ->
                                        new FirewallPort(
                                                nameOf(rule.at("GroupId"), names),
                                                rule.properties(),
                                                names)));
    }

    private static String nameOf(TemplateResource group) {
        return group.at("GroupName").asString().replace("orderflow-", "");
    }

    private static String nameOf(JsonNode reference, Map<String, String> names) {
        var id = reference.path("Fn::GetAtt").path(0).asString();
        return names.getOrDefault(id, reference.toString());
    }

    @Test
    void onlyPublicAndOutwardSubnetsHaveARouteToTheInternet() {
        assertThat(
                        synthesis.resources("AWS::EC2::Route").stream()
                                .map(
                                        route ->
                                                readable.text(route.at("RouteTableId"))
                                                        .replaceAll("vpc(\\w+)Subnet\\d.*", "$1")))
                .containsOnly("public", "egress");
    }

    @Test
    void onlyServicesThatCallTheInternetUseOutwardSubnets() {
        var outside =
                synthesis.resources("AWS::ECS::Service").stream()
                        .filter(
                                service ->
                                        service.at(
                                                        "NetworkConfiguration",
                                                        "AwsvpcConfiguration",
                                                        "Subnets")
                                                .valueStream()
                                                .anyMatch(
                                                        subnet ->
                                                                readable.text(subnet)
                                                                        .contains("egress")))
                        .map(service -> service.at("ServiceName").asString());
        assertThat(outside)
                .containsExactlyInAnyOrder(
                        "order-service",
                        "payment-service",
                        "shipping-service",
                        "operations-console");
    }

    @Test
    void noTaskHasAPublicAddress() {
        assertThat(synthesis.resources("AWS::ECS::Service"))
                .hasSize(7)
                .allSatisfy(
                        service ->
                                assertThat(
                                                service.at(
                                                                "NetworkConfiguration",
                                                                "AwsvpcConfiguration",
                                                                "AssignPublicIp")
                                                        .asString())
                                        .isEqualTo("DISABLED"));
    }

    @Test
    void theVpcEndpointsOfCalledAwsApisAdmitThisAccountOnly() {
        var endpoints =
                synthesis.resources("AWS::EC2::VPCEndpoint").stream()
                        .filter(it -> it.at("VpcEndpointType").asString().equals("Interface"))
                        .toList();
        assertThat(
                        endpoints.stream()
                                .map(
                                        it ->
                                                it.at("ServiceName")
                                                        .asString()
                                                        .replace("com.amazonaws.us-east-1.", "")))
                .containsExactlyInAnyOrder(
                        "sqs",
                        "sns",
                        "states",
                        "events",
                        "email",
                        "monitoring",
                        "logs",
                        "secretsmanager",
                        "kms",
                        "ecr.api",
                        "ecr.dkr");
        assertThat(endpoints)
                .allSatisfy(
                        it -> {
                            assertThat(it.at("PrivateDnsEnabled").booleanValue()).isTrue();
                            assertThat(it.at("PolicyDocument", "Statement"))
                                    .hasSize(1)
                                    .allSatisfy(
                                            statement ->
                                                    assertThat(
                                                                    statement
                                                                            .path("Condition")
                                                                            .path("StringEquals")
                                                                            .path(
                                                                                    "aws:PrincipalAccount")
                                                                            .asString())
                                                            .isEqualTo(
                                                                    SynthesizedApp.STAGE
                                                                            .account()));
                        });
    }

    @Test
    void theDnsFirewallResolvesOnlyAllowedNames() {
        var needed =
                synthesis.resources("AWS::Route53Resolver::FirewallDomainList").stream()
                        .map(
                                list ->
                                        list.at("Domains")
                                                .valueStream()
                                                .map(JsonNode::asString)
                                                .toList())
                        .filter(names -> !names.equals(List.of("*")))
                        .findFirst()
                        .orElseThrow();
        assertThat(needed)
                .contains(
                        "sqs.us-east-1.amazonaws.com",
                        "*.dkr.ecr.us-east-1.amazonaws.com",
                        "*.us-east-1.rds.amazonaws.com",
                        "cognito-idp.us-east-1.amazonaws.com",
                        "orderflow-operators-111122223333.auth.us-east-1.amazoncognito.com",
                        "*.internal.orderflow.example.com",
                        "api.stripe.com",
                        "carrier.example.net")
                .noneMatch(name -> name.equals("*.amazonaws.com"));
        assertThat(
                        synthesis.resources("AWS::Route53Resolver::FirewallRuleGroup").stream()
                                .flatMap(group -> group.at("FirewallRules").valueStream())
                                .map(
                                        rule ->
                                                rule.path("Priority").asInt()
                                                        + " "
                                                        + rule.path("Action").asString()))
                .containsExactly("1 ALLOW", "2 BLOCK");
    }

    @Test
    void theVpcHasAFlowLog() {
        assertThat(synthesis.resources("AWS::EC2::FlowLog"))
                .singleElement()
                .satisfies(log -> assertThat(log.at("TrafficType").asString()).isEqualTo("ALL"));
    }
}
