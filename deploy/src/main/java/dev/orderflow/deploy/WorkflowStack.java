package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.events.CfnConnection;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.amazon.awscdk.services.stepfunctions.CfnStateMachine;
import software.amazon.awscdk.services.stepfunctions.CfnStateMachineAlias;
import software.amazon.awscdk.services.stepfunctions.CfnStateMachineVersion;
import software.amazon.awscdk.services.vpclattice.CfnResourceConfiguration;
import software.amazon.awscdk.services.vpclattice.CfnResourceGateway;
import software.constructs.Construct;

/// The state machine of the workflow with its versions, and its private connection to the services.
///
/// Every change of the definition publishes a version and updates the alias `live`, with which new
/// orders are started. Executions and their redrives keep the version they were started with. Old
/// versions are kept, so that a rollback is one command.
///
/// Calls do not use the internet: the connection reaches the internal load balancer through VPC
/// Lattice.
final class WorkflowStack extends Stack {

    /// The endpoints that the HTTP tasks of the workflow call with POST.
    private static final List<String> ENDPOINTS =
            List.of(
                    "/internal/reservations",
                    "/internal/reservations/*/release",
                    "/internal/payments/*/authorization",
                    "/internal/payments/*/capture",
                    "/internal/payments/*/void");

    private final Topology topology;
    private final MessagingStack messaging;
    private final String url;

    WorkflowStack(
            Construct app,
            StackProps properties,
            Stage stage,
            Topology topology,
            FoundationStack foundation,
            NetworkStack network,
            DataStack data,
            MessagingStack messaging) {
        super(app, "orderflow-workflow", properties);
        this.topology = topology;
        this.messaging = messaging;
        var host = InternalLoadBalancer.workflowHost(stage);
        url = "https://" + host;
        var connection =
                createConnection(createResourceConfiguration(network, host), data.internalApiKey());
        publish(
                createStateMachine(
                        stage,
                        connection,
                        createRole(connection),
                        LogGroups.create(
                                this, Arns.workflowLogGroup(topology), foundation.storageKey())));
    }

    /// Connects Step Functions with the VPC: a resource gateway with an address in each zone,
    /// through which one host name is reachable at one port. Step Functions requires a public host
    /// name with a public certificate.
    private CfnResourceConfiguration createResourceConfiguration(
            NetworkStack network, String host) {
        var gateway =
                CfnResourceGateway.Builder.create(this, "gateway")
                        .name("orderflow-workflow")
                        .vpcIdentifier(network.vpc().getVpcId())
                        .subnetIds(
                                network
                                        .vpc()
                                        .selectSubnets(network.isolatedSubnets())
                                        .getSubnets()
                                        .stream()
                                        .map(ISubnet::getSubnetId)
                                        .toList())
                        .securityGroupIds(
                                List.of(
                                        network.groupOf(SecurityGroupRules.WORKFLOW, this)
                                                .getSecurityGroupId()))
                        .ipAddressType("IPV4")
                        .build();
        return CfnResourceConfiguration.Builder.create(this, "internal-api")
                .name("orderflow-internal-api")
                .resourceConfigurationType("SINGLE")
                .resourceGatewayId(gateway.getAttrId())
                .protocolType("TCP")
                .portRanges(List.of(Integer.toString(SecurityGroupRules.HTTPS)))
                .allowAssociationToSharableServiceNetwork(
                        true) // required for the network of EventBridge
                .resourceConfigurationDefinition(
                        CfnResourceConfiguration.ResourceConfigurationDefinitionProperty.builder()
                                .dnsResource(
                                        CfnResourceConfiguration.DnsResourceProperty.builder()
                                                .domainName(host)
                                                .ipAddressType("IPV4")
                                                .build())
                                .build())
                .build();
    }

    private CfnConnection createConnection(CfnResourceConfiguration target, ISecret key) {
        return CfnConnection.Builder.create(this, "connection")
                .name(topology.connection().name())
                .description("Calls of the workflow to the internal API")
                .authorizationType("API_KEY")
                .authParameters(
                        CfnConnection.AuthParametersProperty.builder()
                                .apiKeyAuthParameters(
                                        CfnConnection.ApiKeyAuthParametersProperty.builder()
                                                .apiKeyName(topology.connection().apiKeyHeader())
                                                .apiKeyValue(
                                                        // A reference that CloudFormation resolves;
                                                        // the key is in no template.
                                                        key.getSecretValue().unsafeUnwrap())
                                                .build())
                                .build())
                .invocationConnectivityParameters(
                        CfnConnection.InvocationConnectivityParametersProperty.builder()
                                .resourceParameters(
                                        CfnConnection.ResourceParametersProperty.builder()
                                                .resourceConfigurationArn(target.getAttrArn())
                                                .build())
                                .build())
                .build();
    }

    private Role createRole(CfnConnection connection) {
        var workflow = Arns.workflow(this, topology);
        var key = messaging.key().getKeyArn();
        return Role.Builder.create(this, "role")
                .description("Permissions of the workflow")
                .assumedBy(
                        ServicePrincipal.Builder.create("states.amazonaws.com")
                                .conditions(
                                        Map.of(
                                                "ArnLike",
                                                Map.of(
                                                        "aws:SourceArn",
                                                        List.of(workflow, workflow + ":*")),
                                                "StringEquals",
                                                Map.of("aws:SourceAccount", getAccount())))
                                .build())
                .inlinePolicies(
                        Map.of(
                                "workflow",
                                PolicyDocument.Builder.create()
                                        .statements(
                                                List.of(
                                                        callServices(workflow),
                                                        allow(
                                                                "events:RetrieveConnectionCredentials",
                                                                connection.getAttrArn()),
                                                        readKey(connection),
                                                        sendCommands(),
                                                        allow(
                                                                "events:PutEvents",
                                                                messaging.bus().getEventBusArn()),
                                                        encryptMessages(key),
                                                        encryptHistory(key, workflow),
                                                        encryptLogs(key),
                                                        deliverLogs()))
                                        .build()))
                .build();
    }

    private PolicyStatement callServices(String workflow) {
        return PolicyStatement.Builder.create()
                .sid("CallServices")
                .actions(List.of("states:InvokeHTTPEndpoint"))
                .resources(List.of(workflow))
                .conditions(
                        Map.of(
                                "StringEquals",
                                Map.of("states:HTTPMethod", "POST"),
                                "StringLike",
                                Map.of(
                                        "states:HTTPEndpoint",
                                        ENDPOINTS.stream().map(url::concat).toList())))
                .build();
    }

    /// For the secret in which EventBridge stores the API key of the connection.
    private static PolicyStatement readKey(CfnConnection connection) {
        return PolicyStatement.Builder.create()
                .actions(List.of("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"))
                .resources(List.of(connection.getAttrSecretArn()))
                .build();
    }

    private PolicyStatement sendCommands() {
        return PolicyStatement.Builder.create()
                .sid("SendCommands")
                .actions(List.of("sqs:SendMessage"))
                .resources(
                        List.of(
                                messaging.queue("approval-requests").getQueueArn(),
                                messaging.queue("shipping-requests").getQueueArn()))
                .build();
    }

    private PolicyStatement encryptMessages(String key) {
        return PolicyStatement.Builder.create()
                .sid("EncryptMessages")
                .actions(List.of("kms:Decrypt", "kms:GenerateDataKey"))
                .resources(List.of(key))
                .conditions(
                        Map.of(
                                "StringEquals",
                                Map.of("kms:ViaService", "sqs." + getRegion() + ".amazonaws.com")))
                .build();
    }

    private static PolicyStatement encryptHistory(String key, String workflow) {
        return PolicyStatement.Builder.create()
                .sid("EncryptHistory")
                .actions(List.of("kms:Decrypt", "kms:GenerateDataKey"))
                .resources(List.of(key))
                .conditions(
                        Map.of(
                                "StringEquals",
                                Map.of(
                                        "kms:EncryptionContext:aws:states:stateMachineArn",
                                        workflow)))
                .build();
    }

    private PolicyStatement encryptLogs(String key) {
        return PolicyStatement.Builder.create()
                .sid("EncryptLogs")
                .actions(List.of("kms:GenerateDataKey"))
                .resources(List.of(key))
                .conditions(
                        Map.of(
                                "StringEquals",
                                Map.of("kms:EncryptionContext:SourceArn", Arns.anyLog(this))))
                .build();
    }

    /// IAM supports no resources for these actions.
    private static PolicyStatement deliverLogs() {
        return PolicyStatement.Builder.create()
                .sid("DeliverLogs")
                .actions(
                        List.of(
                                "logs:CreateLogDelivery",
                                "logs:DeleteLogDelivery",
                                "logs:DescribeLogGroups",
                                "logs:DescribeResourcePolicies",
                                "logs:GetLogDelivery",
                                "logs:ListLogDeliveries",
                                "logs:PutResourcePolicy",
                                "logs:UpdateLogDelivery"))
                .resources(List.of("*"))
                .build();
    }

    private static PolicyStatement allow(String action, String resource) {
        return PolicyStatement.Builder.create()
                .actions(List.of(action))
                .resources(List.of(resource))
                .build();
    }

    /// Logs errors without execution data; the execution history is available for 90 days.
    private CfnStateMachine createStateMachine(
            Stage stage, CfnConnection connection, Role role, LogGroup logs) {
        return CfnStateMachine.Builder.create(this, "state-machine")
                .stateMachineName(topology.workflow().name())
                .stateMachineType("STANDARD")
                .roleArn(role.getRoleArn())
                .definitionString(topology.workflowDefinition())
                .definitionSubstitutions(
                        Map.of(
                                "ConnectionArn", connection.getAttrArn(),
                                "InventoryUrl", url,
                                "PaymentUrl", url,
                                "EventBusName", topology.bus(),
                                "ApprovalLimits", stage.approvalLimits().toJsonata(),
                                "ApprovalRequestsUrl",
                                        messaging.queue("approval-requests").getQueueUrl(),
                                "ShippingRequestsUrl",
                                        messaging.queue("shipping-requests").getQueueUrl()))
                .loggingConfiguration(
                        CfnStateMachine.LoggingConfigurationProperty.builder()
                                .level("ERROR")
                                .includeExecutionData(false)
                                .destinations(
                                        List.of(
                                                CfnStateMachine.LogDestinationProperty.builder()
                                                        .cloudWatchLogsLogGroup(
                                                                CfnStateMachine
                                                                        .CloudWatchLogsLogGroupProperty
                                                                        .builder()
                                                                        .logGroupArn(
                                                                                logs
                                                                                        .getLogGroupArn())
                                                                        .build())
                                                        .build()))
                                .build())
                .encryptionConfiguration(
                        CfnStateMachine.EncryptionConfigurationProperty.builder()
                                .type("CUSTOMER_MANAGED_KMS_KEY")
                                .kmsKeyId(messaging.key().getKeyArn())
                                .kmsDataKeyReusePeriodSeconds(300)
                                .build())
                .build();
    }

    private void publish(CfnStateMachine machine) {
        var version =
                CfnStateMachineVersion.Builder.create(this, "version")
                        .stateMachineArn(machine.getAttrArn())
                        .stateMachineRevisionId(machine.getAttrStateMachineRevisionId())
                        .build();
        version.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
        CfnStateMachineAlias.Builder.create(this, Arns.LIVE)
                .name(Arns.LIVE)
                .description("The version for new orders")
                .routingConfiguration(
                        List.of(
                                CfnStateMachineAlias.RoutingConfigurationVersionProperty.builder()
                                        .stateMachineVersionArn(version.getAttrArn())
                                        .weight(100)
                                        .build()))
                .build();
    }
}
