package dev.orderflow.asdeployed;

import dev.orderflow.asdeployed.Deployment.Created;
import dev.orderflow.asdeployed.Templates.Resource;
import dev.orderflow.localcloud.LocalCloud;
import java.util.List;
import java.util.Set;

/// Creates the resources of templates in local-cloud, through its AWS APIs where it has them.
///
/// A resource without a counterpart in local-cloud gets only identifiers. A type that is not listed
/// here is an error, and so is a property that is not read.
final class LocalCloudFactory implements Deployment.Factory, AutoCloseable {

    /// Types that local-cloud has no counterpart for.
    private static final Set<String> IDENTIFIERS_ONLY =
            Set.of(
                    "AWS::ApplicationAutoScaling::ScalableTarget",
                    "AWS::ApplicationAutoScaling::ScalingPolicy",
                    "AWS::Budgets::Budget",
                    "AWS::CertificateManager::Certificate",
                    "AWS::Cognito::UserPool",
                    "AWS::Cognito::UserPoolClient",
                    "AWS::Cognito::UserPoolDomain",
                    "AWS::Cognito::UserPoolGroup",
                    "AWS::Cognito::UserPoolResourceServer",
                    "AWS::EC2::EIP",
                    "AWS::EC2::FlowLog",
                    "AWS::EC2::InternetGateway",
                    "AWS::EC2::NatGateway",
                    "AWS::EC2::Route",
                    "AWS::EC2::RouteTable",
                    "AWS::EC2::SecurityGroup",
                    "AWS::EC2::SecurityGroupEgress",
                    "AWS::EC2::SecurityGroupIngress",
                    "AWS::EC2::Subnet",
                    "AWS::EC2::SubnetRouteTableAssociation",
                    "AWS::EC2::VPC",
                    "AWS::EC2::VPCEndpoint",
                    "AWS::EC2::VPCGatewayAttachment",
                    "AWS::ECR::Repository",
                    "AWS::ECS::Cluster",
                    "AWS::ElasticLoadBalancingV2::Listener",
                    "AWS::ElasticLoadBalancingV2::LoadBalancer",
                    "AWS::Logs::LogGroup",
                    "AWS::RDS::DBInstance",
                    "AWS::RDS::DBParameterGroup",
                    "AWS::RDS::DBSubnetGroup",
                    "AWS::Route53::HostedZone",
                    "AWS::Route53::RecordSet",
                    "AWS::Route53Resolver::FirewallDomainList",
                    "AWS::Route53Resolver::FirewallRuleGroup",
                    "AWS::Route53Resolver::FirewallRuleGroupAssociation",
                    "AWS::SES::ConfigurationSet",
                    // To a person's mailbox.
                    "AWS::SNS::Subscription",
                    "AWS::VpcLattice::ResourceConfiguration",
                    "AWS::VpcLattice::ResourceGateway",
                    "AWS::WAFv2::IPSet",
                    "AWS::WAFv2::LoggingConfiguration",
                    "AWS::WAFv2::WebACL",
                    "AWS::WAFv2::WebACLAssociation");

    /// The issuer of a user pool is its id below this address.
    private static final String ISSUERS = "https://cognito-idp.us-east-1.amazonaws.com/";

    private final CloudClients clients;
    private final MessagingResources messaging;
    private final WorkflowResources workflow;
    private final MonitoringResources monitoring;
    private final DataResources data;
    private final PolicyResources policies;
    private final ServiceResources services;

    LocalCloudFactory(LocalCloud cloud, String account, LoadBalancer loadBalancer) {
        clients = CloudClients.of(cloud, account);
        data = new DataResources(clients);
        messaging = new MessagingResources(clients, data::secret);
        workflow = new WorkflowResources(clients);
        monitoring = new MonitoringResources(clients);
        policies = new PolicyResources(clients);
        services = new ServiceResources(clients, loadBalancer);
    }

    /// Task definitions, services and load balancer rules.
    ServiceResources services() {
        return services;
    }

    /// Roles and policies.
    PolicyResources policies() {
        return policies;
    }

    /// Buckets, keys and secrets.
    DataResources data() {
        return data;
    }

    @Override
    public Created create(Resource resource, Properties properties) {
        if (IDENTIFIERS_ONLY.contains(resource.type())) {
            return identifiers(resource, properties);
        }
        var created =
                switch (resource.type()) {
                    case "AWS::SQS::Queue" -> messaging.queue(properties);
                    case "AWS::SQS::QueuePolicy" ->
                            policies.policy(
                                    resource,
                                    properties,
                                    properties.texts("Queues").stream()
                                            .map(messaging::queueArn)
                                            .toList());
                    case "AWS::SNS::Topic" -> messaging.topic(properties);
                    case "AWS::SNS::TopicPolicy" ->
                            policies.policy(resource, properties, properties.texts("Topics"));
                    case "AWS::Events::EventBus" -> messaging.bus(properties);
                    case "AWS::Events::Rule" -> messaging.rule(properties);
                    case "AWS::Events::Archive" -> messaging.archive(properties);
                    case "AWS::Events::Connection" -> messaging.connection(properties);
                    case "AWS::StepFunctions::StateMachine" -> workflow.stateMachine(properties);
                    case "AWS::StepFunctions::StateMachineVersion" -> workflow.version(properties);
                    case "AWS::StepFunctions::StateMachineAlias" -> workflow.alias(properties);
                    case "AWS::CloudWatch::Alarm" -> monitoring.alarm(properties);
                    case "AWS::CloudWatch::CompositeAlarm" -> monitoring.compositeAlarm(properties);
                    case "AWS::CloudWatch::Dashboard" -> monitoring.dashboard(properties);
                    case "AWS::S3::Bucket" -> data.bucket(resource, properties);
                    case "AWS::S3::BucketPolicy" ->
                            policies.policy(
                                    resource,
                                    properties,
                                    List.of("arn:aws:s3:::" + properties.text("Bucket")));
                    case "AWS::IAM::Role" -> policies.role(resource, properties);
                    case "AWS::KMS::Key" -> data.key(properties);
                    case "AWS::KMS::Alias" -> data.keyAlias(properties);
                    case "AWS::SES::EmailIdentity" -> data.emailIdentity(properties);
                    case "AWS::SecretsManager::Secret" -> data.secret(properties);
                    case "AWS::ECS::TaskDefinition" ->
                            services.taskDefinition(resource, properties);
                    case "AWS::ECS::Service" -> services.service(resource, properties);
                    case "AWS::ElasticLoadBalancingV2::TargetGroup" ->
                            services.targetGroup(resource, properties);
                    case "AWS::ElasticLoadBalancingV2::ListenerRule" ->
                            services.listenerRule(resource, properties);
                    default ->
                            throw new DeploymentException(
                                    "%s: local-cloud does not support the type"
                                            .formatted(resource));
                };
        properties.accept("Tags").requireAllRead();
        return created;
    }

    /// ARNs for attributes and references that are ARNs, the issuer of a user pool, which must be a
    /// URL, otherwise names.
    private Created identifiers(Resource resource, Properties in) {
        var name =
                in.optional("LogGroupName")
                        .or(() -> in.optional("RepositoryName"))
                        .orElse(resource.id());
        var service = resource.type().split("::")[1].toLowerCase(java.util.Locale.ROOT);
        var arn =
                switch (resource.type()) {
                    case "AWS::Logs::LogGroup" -> clients.arn("logs", "log-group:" + name + ":*");
                    case "AWS::ECR::Repository" -> clients.arn("ecr", "repository/" + name);
                    default -> clients.arn(service, name);
                };
        var reference =
                switch (resource.type()) {
                    case "AWS::CertificateManager::Certificate",
                            "AWS::ElasticLoadBalancingV2::Listener",
                            "AWS::ElasticLoadBalancingV2::LoadBalancer" ->
                            arn;
                    case "AWS::Cognito::UserPoolResourceServer" -> in.text("Identifier");
                    default -> name;
                };
        return new Created(
                reference,
                attribute ->
                        switch (attribute) {
                            case "ProviderURL" -> ISSUERS + name;
                            case String other when other.endsWith("Arn") -> arn;
                            default -> name + "." + attribute;
                        });
    }

    @Override
    public void close() {
        clients.close();
    }
}
