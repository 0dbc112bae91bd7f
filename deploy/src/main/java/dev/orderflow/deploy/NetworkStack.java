package dev.orderflow.deploy;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ec2.CfnFlowLog;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpoint;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.IPeer;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpoint;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.IpAddresses;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SecurityGroupImportOptions;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.iam.AnyPrincipal;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.route53resolver.CfnFirewallDomainList;
import software.amazon.awscdk.services.route53resolver.CfnFirewallRuleGroup;
import software.amazon.awscdk.services.route53resolver.CfnFirewallRuleGroupAssociation;
import software.constructs.Construct;

/// The VPC with its subnets, security groups, endpoints and DNS firewall.
///
/// It has four kinds of subnets: `public` with the public load balancer and the NAT gateways;
/// `egress` with the services that call hosts on the internet; `isolated` with all other services
/// and the endpoints of AWS APIs; `data` with the database. Only `public` and `egress` have a
/// route to the internet; the DNS firewall resolves only the allowed names. See `docs/adr/0010`.
final class NetworkStack extends Stack {

    private static final String PUBLIC = "public";
    private static final String EGRESS = "egress";
    private static final String ISOLATED = "isolated";
    private static final String DATA = "data";
    private static final String STRIPE = "api.stripe.com";

    /// An AWS API that the system calls.
    ///
    /// @param name the name of the endpoint
    /// @param host the host name of its calls
    private record AwsEndpoint(String name, InterfaceVpcEndpointAwsService service, String host) {}

    private final Stage stage;
    private final Vpc vpc;
    private final Map<String, SecurityGroup> groups = new TreeMap<>();

    NetworkStack(Construct app, StackProps properties, Stage stage, FoundationStack foundation) {
        super(app, "orderflow-network", properties);
        this.stage = stage;
        vpc =
                Vpc.Builder.create(this, "vpc")
                        .vpcName("orderflow")
                        .ipAddresses(IpAddresses.cidr("10.0.0.0/16"))
                        .availabilityZones(stage.availabilityZones())
                        .natGateways(SizeOfScale.of(stage.scale()).zones())
                        // The default group is not used, and restricting it requires a custom
                        // resource with additional permissions.
                        .restrictDefaultSecurityGroup(false)
                        .subnetConfiguration(
                                List.of(
                                        SubnetConfiguration.builder()
                                                .name(PUBLIC)
                                                .subnetType(SubnetType.PUBLIC)
                                                .mapPublicIpOnLaunch(false)
                                                .cidrMask(24)
                                                .build(),
                                        subnets(EGRESS, SubnetType.PRIVATE_WITH_EGRESS),
                                        subnets(ISOLATED, SubnetType.PRIVATE_ISOLATED),
                                        subnets(DATA, SubnetType.PRIVATE_ISOLATED)))
                        .build();
        Annotations.of(vpc)
                .acknowledgeWarning(
                        "CloudFormation-Validate::W3010",
                        "The availability zones are configured, so that synthesis needs no lookup");
        SecurityGroupRules.all().forEach(this::allow);
        // Exported even if a container reads the analytics queue: otherwise a change to the
        // container would remove the export while the services stack, which is deployed later,
        // still imports it.
        exportValue(group(SecurityGroupRules.ANALYTICS_FUNCTION).getSecurityGroupId());
        awsEndpoints().forEach(this::createEndpoint);
        createS3Endpoint();
        createDnsFirewall();
        createFlowLog(foundation.storageKey());
    }

    private static SubnetConfiguration subnets(String name, SubnetType type) {
        return SubnetConfiguration.builder().name(name).subnetType(type).cidrMask(22).build();
    }

    private void allow(SecurityGroupRules.SecurityGroupRule edge) {
        var port = Port.tcp(edge.port());
        if (!edge.from().equals(SecurityGroupRules.INTERNET)) {
            group(edge.from()).addEgressRule(callee(edge.to()), port, edge.reason());
        }
        if (!List.of(SecurityGroupRules.INTERNET, SecurityGroupRules.S3).contains(edge.to())) {
            group(edge.to()).addIngressRule(caller(edge.from()), port, edge.reason());
        }
    }

    private IPeer caller(String party) {
        return party.equals(SecurityGroupRules.INTERNET) ? Peer.anyIpv4() : group(party);
    }

    private IPeer callee(String party) {
        return switch (party) {
            case SecurityGroupRules.INTERNET -> Peer.anyIpv4();
            case SecurityGroupRules.S3 -> Peer.prefixList(stage.s3PrefixList());
            default -> group(party);
        };
    }

    private SecurityGroup group(String party) {
        return groups.computeIfAbsent(
                party,
                name ->
                        SecurityGroup.Builder.create(this, name)
                                .vpc(vpc)
                                .securityGroupName("orderflow-" + name)
                                .description(name)
                                .allowAllOutbound(false)
                                .build());
    }

    private SecurityGroup existingGroup(String party) {
        return Objects.requireNonNull(
                groups.get(party), () -> "no security group rule contains " + party);
    }

    private List<AwsEndpoint> awsEndpoints() {
        var suffix = "." + stage.region() + ".amazonaws.com";
        return List.of(
                new AwsEndpoint("sqs", InterfaceVpcEndpointAwsService.SQS, "sqs" + suffix),
                new AwsEndpoint("sns", InterfaceVpcEndpointAwsService.SNS, "sns" + suffix),
                new AwsEndpoint(
                        "states", InterfaceVpcEndpointAwsService.STEP_FUNCTIONS, "states" + suffix),
                new AwsEndpoint(
                        "events", InterfaceVpcEndpointAwsService.EVENTBRIDGE, "events" + suffix),
                new AwsEndpoint("email", InterfaceVpcEndpointAwsService.EMAIL, "email" + suffix),
                new AwsEndpoint(
                        "monitoring",
                        InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
                        "monitoring" + suffix),
                new AwsEndpoint(
                        "logs", InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS, "logs" + suffix),
                new AwsEndpoint(
                        "secretsmanager",
                        InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
                        "secretsmanager" + suffix),
                new AwsEndpoint("kms", InterfaceVpcEndpointAwsService.KMS, "kms" + suffix),
                new AwsEndpoint("ecr-api", InterfaceVpcEndpointAwsService.ECR, "api.ecr" + suffix),
                new AwsEndpoint(
                        "ecr-dkr",
                        InterfaceVpcEndpointAwsService.ECR_DOCKER,
                        "*.dkr.ecr" + suffix));
    }

    /// Only credentials of this account can use the endpoints, so that data cannot be copied to
    /// another account.
    private void createEndpoint(AwsEndpoint api) {
        InterfaceVpcEndpoint.Builder.create(this, "endpoint-" + api.name())
                .vpc(vpc)
                .service(api.service())
                .subnets(
                        SubnetSelection.builder()
                                .subnets(
                                        vpc.selectSubnets(isolatedSubnets())
                                                .getSubnets()
                                                .subList(0, SizeOfScale.of(stage.scale()).zones()))
                                .build())
                .securityGroups(List.of(group(SecurityGroupRules.AWS)))
                .privateDnsEnabled(true)
                .open(false)
                .build()
                .addToPolicy(
                        PolicyStatement.Builder.create()
                                .principals(List.of(new AnyPrincipal()))
                                .actions(List.of("*"))
                                .resources(List.of("*"))
                                .conditions(ofThisAccount("aws:PrincipalAccount"))
                                .build());
    }

    private void createS3Endpoint() {
        var endpoint =
                GatewayVpcEndpoint.Builder.create(this, "endpoint-s3")
                        .vpc(vpc)
                        .service(GatewayVpcEndpointAwsService.S3)
                        .subnets(List.of(egressSubnets(), isolatedSubnets()))
                        .build();
        endpoint.addToPolicy(
                PolicyStatement.Builder.create()
                        .sid("LayersOfImages")
                        .principals(List.of(new AnyPrincipal()))
                        .actions(List.of("s3:GetObject"))
                        .resources(List.of("arn:aws:s3:::%s/*".formatted(bucketOfLayers())))
                        .build());
        endpoint.addToPolicy(
                PolicyStatement.Builder.create()
                        .sid("BucketsOfThisAccount")
                        .principals(List.of(new AnyPrincipal()))
                        .actions(List.of("s3:GetObject", "s3:PutObject", "s3:ListBucket"))
                        .resources(List.of("*"))
                        .conditions(
                                Map.of(
                                        "StringEquals",
                                        Map.of(
                                                "aws:PrincipalAccount", stage.account(),
                                                "s3:ResourceAccount", stage.account())))
                        .build());
    }

    private Map<String, Object> ofThisAccount(String key) {
        return Map.of("StringEquals", Map.of(key, stage.account()));
    }

    /// The bucket of AWS for image layers of a region.
    private String bucketOfLayers() {
        return "prod-%s-starport-layer-bucket".formatted(stage.region());
    }

    /// Blocks the resolution of all other names, against data exfiltration, also through DNS
    /// queries.
    private void createDnsFirewall() {
        var needed =
                CfnFirewallDomainList.Builder.create(this, "allowed-domains")
                        .name("orderflow-allowed-domains")
                        .domains(allowedNames())
                        .build();
        var others =
                CfnFirewallDomainList.Builder.create(this, "denied-domains")
                        .name("orderflow-denied-domains")
                        .domains(List.of("*"))
                        .build();
        var rules =
                CfnFirewallRuleGroup.Builder.create(this, "names")
                        .name("orderflow-names")
                        .firewallRules(
                                List.of(
                                        CfnFirewallRuleGroup.FirewallRuleProperty.builder()
                                                .priority(1)
                                                .firewallDomainListId(needed.getAttrId())
                                                .action("ALLOW")
                                                .firewallDomainRedirectionAction(
                                                        "TRUST_REDIRECTION_DOMAIN")
                                                .build(),
                                        CfnFirewallRuleGroup.FirewallRuleProperty.builder()
                                                .priority(2)
                                                .firewallDomainListId(others.getAttrId())
                                                .action("BLOCK")
                                                .blockResponse("NXDOMAIN")
                                                .build()))
                        .build();
        CfnFirewallRuleGroupAssociation.Builder.create(this, "names-of-the-vpc")
                .name("orderflow-names")
                .vpcId(vpc.getVpcId())
                .firewallRuleGroupId(rules.getAttrId())
                .priority(101)
                .build();
    }

    private List<String> allowedNames() {
        var region = stage.region();
        var names = new ArrayList<String>();
        awsEndpoints().stream().map(AwsEndpoint::host).forEach(names::add);
        Stream.of(
                        "*.s3.%s.amazonaws.com".formatted(region),
                        "*.%s.rds.amazonaws.com".formatted(region),
                        "cognito-idp.%s.amazonaws.com".formatted(region),
                        OperatorPool.domain(stage),
                        "*.internal." + stage.domain(),
                        STRIPE,
                        URI.create(stage.carrierUrl()).getHost())
                .forEach(names::add);
        return List.copyOf(names);
    }

    private void createFlowLog(IKey key) {
        var log = LogGroups.create(this, "/orderflow/flows", key);
        var role =
                Role.Builder.create(this, "flows-role")
                        .assumedBy(new ServicePrincipal("vpc-flow-logs.amazonaws.com"))
                        .inlinePolicies(
                                Map.of(
                                        "writes-the-log",
                                        PolicyDocument.Builder.create()
                                                .statements(
                                                        List.of(
                                                                PolicyStatement.Builder.create()
                                                                        .actions(
                                                                                List.of(
                                                                                        "logs:CreateLogStream",
                                                                                        "logs:PutLogEvents",
                                                                                        "logs:DescribeLogStreams"))
                                                                        .resources(
                                                                                List.of(
                                                                                        log
                                                                                                .getLogGroupArn()))
                                                                        .build()))
                                                .build()))
                        .build();
        CfnFlowLog.Builder.create(this, "flows")
                .resourceId(vpc.getVpcId())
                .resourceType("VPC")
                .trafficType("ALL")
                .logDestinationType("cloud-watch-logs")
                .logGroupName(log.getLogGroupName())
                .deliverLogsPermissionArn(role.getRoleArn())
                .build();
    }

    IVpc vpc() {
        return vpc;
    }

    /// The subnets of the public load balancer.
    SubnetSelection publicSubnets() {
        return SubnetSelection.builder().subnetGroupName(PUBLIC).build();
    }

    /// The subnets with a route to the internet, for HTTPS.
    SubnetSelection egressSubnets() {
        return SubnetSelection.builder().subnetGroupName(EGRESS).build();
    }

    /// The subnets without a route to the internet.
    SubnetSelection isolatedSubnets() {
        return SubnetSelection.builder().subnetGroupName(ISOLATED).build();
    }

    /// The subnets of the database.
    SubnetSelection dataSubnets() {
        return SubnetSelection.builder().subnetGroupName(DATA).build();
    }

    /// The security group of a party of [SecurityGroupRules]; other stacks use it and cannot change
    /// it.
    ISecurityGroup groupOf(String party, Construct user) {
        return SecurityGroup.fromSecurityGroupId(
                user,
                "group-" + party,
                existingGroup(party).getSecurityGroupId(),
                SecurityGroupImportOptions.builder().mutable(false).build());
    }
}
