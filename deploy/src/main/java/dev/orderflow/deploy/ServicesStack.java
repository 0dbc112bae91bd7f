package dev.orderflow.deploy;

import dev.orderflow.topology.PagingSpec;
import dev.orderflow.topology.Topology;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ecs.AlarmBehavior;
import software.amazon.awscdk.services.ecs.AvailabilityZoneRebalancing;
import software.amazon.awscdk.services.ecs.CfnService;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.ecs.ClusterAttributes;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.DeploymentAlarmConfig;
import software.amazon.awscdk.services.ecs.DeploymentCircuitBreaker;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.HealthCheck;
import software.amazon.awscdk.services.ecs.ICluster;
import software.amazon.awscdk.services.ecs.LoadBalancerTargetOptions;
import software.amazon.awscdk.services.ecs.PortMapping;
import software.amazon.awscdk.services.ecs.PropagatedTagSource;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationProtocol;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationTargetGroup;
import software.amazon.awscdk.services.elasticloadbalancingv2.Protocol;
import software.amazon.awscdk.services.elasticloadbalancingv2.TargetType;
import software.amazon.awscdk.services.route53.IPublicHostedZone;
import software.amazon.awscdk.services.route53.PublicHostedZone;
import software.amazon.awscdk.services.route53.PublicHostedZoneAttributes;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.constructs.Construct;

/// The services, each with its own tasks and role, and the two load balancers.
final class ServicesStack extends Stack {

    /// Not ready while the database is unavailable.
    private static final String READINESS = "/actuator/health/readiness";

    /// Independent of the database, because replacing a task does not help against its outage.
    private static final String LIVENESS = "/actuator/health/liveness";

    /// Longer than the graceful shutdown of a service and the deregistration at the load balancer.
    /// The maximum of Fargate is 2 minutes.
    private static final Duration STOP_TIMEOUT = Duration.seconds(90);

    private static final Duration DEREGISTRATION = Duration.seconds(30);

    private final Stage stage;
    private final NetworkStack network;
    private final Map<DeployedService, FargateService> running =
            new EnumMap<>(DeployedService.class);
    private final ApplicationTargetGroup publicOrders;
    private final Map<DeployedService, ApplicationTargetGroup> internal =
            new EnumMap<>(DeployedService.class);
    private final PublicLoadBalancer publicLoadBalancer;
    private final InternalLoadBalancer internalLoadBalancer;

    ServicesStack(
            Construct app,
            StackProps properties,
            Stage stage,
            Topology topology,
            FoundationStack foundation,
            NetworkStack network,
            DataStack data,
            MessagingStack messaging,
            IdentityStack identity,
            AnalyticsFunction.FunctionAssets assets) {
        super(app, "orderflow-services", properties);
        this.stage = stage;
        this.network = network;
        var size = SizeOfScale.of(stage.scale());
        var policies = new ServicePolicies(this, stage, topology, foundation, data, messaging);
        var settings =
                new ServiceEnvironment(
                        this, stage, topology, foundation, data, messaging, identity);
        var cluster =
                Cluster.fromClusterAttributes(
                        this,
                        "cluster",
                        ClusterAttributes.builder()
                                .clusterName(FoundationStack.CLUSTER)
                                .vpc(network.vpc())
                                .securityGroups(List.of())
                                .build());
        for (var name : topology.services()) {
            var service = DeployedService.byName(name);
            var task =
                    new ContainerTask(
                                    name,
                                    foundation.repositoryOf(service),
                                    stage.imageTag(),
                                    size.cpu(),
                                    size.memoryMegabytes(),
                                    settings.variablesOf(service),
                                    settings.secretsOf(service),
                                    policies.policiesOf(service))
                            .create(this, stage, foundation.storageKey(), container(service));
            running.put(service, run(service, task, cluster, size));
            internal.put(service, targets(service, name, service.internalPort()));
            Scaling.of(
                    this, service, tasksOf(service), size, service.queuesPolled(topology, stage));
        }
        publicOrders =
                targets(DeployedService.ORDER, "public-orders", DeployedService.ORDER.port());
        var zone = zone();
        var log = accessLog();
        publicLoadBalancer =
                new PublicLoadBalancer(
                        this, stage, network, zone, log, publicOrders, foundation.storageKey());
        internalLoadBalancer =
                new InternalLoadBalancer(
                        this,
                        stage,
                        network,
                        zone,
                        log,
                        internal,
                        targets(DeployedService.OPERATIONS, "pages", DeployedService.PAGES_PORT));
        if (stage.analytics() == Stage.AnalyticsMode.LAMBDA) {
            new AnalyticsFunction(
                    this,
                    stage,
                    network,
                    data,
                    messaging,
                    foundation.storageKey(),
                    policies.policiesOfAnalyticsFunction(),
                    assets);
        }
        createDeploymentAlarms(topology, messaging);
        new MailConfiguration(this, stage, zone);
    }

    /// ECS does not detect a healthy service that answers with errors; these alarms roll its
    /// deployment back. They must exist before the services that reference them.
    private void createDeploymentAlarms(Topology topology, MessagingStack messaging) {
        createDeploymentAlarm(
                DeployedService.ORDER,
                PlatformAlarms.deploymentAlarm(
                        PlatformResources.PUBLIC_ORDERS,
                        PlatformResources.group(publicOrders, publicLoadBalancer.loadBalancer())),
                topology,
                messaging);
        internal.forEach(
                (service, targets) ->
                        createDeploymentAlarm(
                                service,
                                PlatformAlarms.deploymentAlarm(
                                        service.label(),
                                        PlatformResources.group(
                                                targets, internalLoadBalancer.loadBalancer())),
                                topology,
                                messaging));
    }

    private void createDeploymentAlarm(
            DeployedService service,
            Topology.AlarmSpec alarm,
            Topology topology,
            MessagingStack messaging) {
        var created =
                AlarmFactory.create(
                        this,
                        alarm,
                        topology.description(alarm),
                        List.of(messaging.topic(topology.paging().ticketsTopic()).getTopicArn()),
                        text -> text.replace(PagingSpec.CONSOLE_URL, OperatorPool.pagesUrl(stage)));
        tasksOf(service).getNode().addDependency(created);
    }

    /// The names of the alarms on which a deployment of a service is rolled back.
    private static List<String> deploymentAlarmNames(DeployedService service) {
        var alarm = PlatformAlarms.deploymentAlarmName(service.label());
        return service == DeployedService.ORDER
                ? List.of(
                        alarm, PlatformAlarms.deploymentAlarmName(PlatformResources.PUBLIC_ORDERS))
                : List.of(alarm);
    }

    private static ContainerDefinitionOptions.Builder container(DeployedService service) {
        return ContainerDefinitionOptions.builder()
                .portMappings(
                        service.ports().stream()
                                .map(port -> PortMapping.builder().containerPort(port).build())
                                .toList())
                .healthCheck(
                        HealthCheck.builder()
                                .command(
                                        List.of(
                                                "CMD",
                                                "java",
                                                "@/app/healthy",
                                                "127.0.0.1",
                                                Integer.toString(service.managementPort()),
                                                LIVENESS))
                                .interval(Duration.seconds(15))
                                .timeout(Duration.seconds(10))
                                .retries(3)
                                .startPeriod(Duration.seconds(120))
                                .build())
                .stopTimeout(STOP_TIMEOUT);
    }

    private FargateService run(
            DeployedService service,
            FargateTaskDefinition task,
            ICluster cluster,
            SizeOfScale size) {
        var tasks =
                FargateService.Builder.create(this, service.label())
                        .serviceName(service.label())
                        .cluster(cluster)
                        .taskDefinition(task)
                        .vpcSubnets(
                                service.needsInternetAccess()
                                        ? network.egressSubnets()
                                        : network.isolatedSubnets())
                        .securityGroups(List.of(network.groupOf(service.label(), this)))
                        .assignPublicIp(false)
                        .minHealthyPercent(100)
                        .maxHealthyPercent(size.maxHealthyPercent())
                        .circuitBreaker(DeploymentCircuitBreaker.builder().rollback(true).build())
                        .deploymentAlarms(
                                DeploymentAlarmConfig.builder()
                                        .alarmNames(deploymentAlarmNames(service))
                                        .behavior(AlarmBehavior.ROLLBACK_ON_ALARM)
                                        .build())
                        .healthCheckGracePeriod(Duration.seconds(120))
                        .availabilityZoneRebalancing(AvailabilityZoneRebalancing.ENABLED)
                        .enableEcsManagedTags(true)
                        .propagateTags(PropagatedTagSource.SERVICE)
                        .enableExecuteCommand(false)
                        .build();
        // Scaling sets the desired count; a deployment must not reset it.
        if (tasks.getNode().getDefaultChild() instanceof CfnService definition) {
            definition.addPropertyDeletionOverride("DesiredCount");
        }
        return tasks;
    }

    private FargateService tasksOf(DeployedService service) {
        return Objects.requireNonNull(running.get(service), service::label);
    }

    private ApplicationTargetGroup targets(DeployedService service, String name, int port) {
        return ApplicationTargetGroup.Builder.create(this, name + "-targets")
                .vpc(network.vpc())
                .targetType(TargetType.IP)
                .protocol(ApplicationProtocol.HTTP)
                .port(port)
                .targets(
                        List.of(
                                tasksOf(service)
                                        .loadBalancerTarget(
                                                LoadBalancerTargetOptions.builder()
                                                        .containerName(service.label())
                                                        .containerPort(port)
                                                        .build())))
                .deregistrationDelay(DEREGISTRATION)
                .healthCheck(
                        software.amazon.awscdk.services.elasticloadbalancingv2.HealthCheck.builder()
                                .protocol(Protocol.HTTP)
                                .port(Integer.toString(service.managementPort()))
                                .path(READINESS)
                                .healthyHttpCodes("200")
                                .interval(Duration.seconds(10))
                                .timeout(Duration.seconds(5))
                                .healthyThresholdCount(2)
                                .unhealthyThresholdCount(3)
                                .build())
                .build();
    }

    private IPublicHostedZone zone() {
        return PublicHostedZone.fromPublicHostedZoneAttributes(
                this,
                "zone",
                PublicHostedZoneAttributes.builder()
                        .hostedZoneId(stage.hostedZoneId())
                        .zoneName(stage.domain())
                        .build());
    }

    /// Load balancers cannot write to a bucket with a customer-managed key.
    private Bucket accessLog() {
        return Bucket.Builder.create(this, "access-log")
                .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
                .encryption(BucketEncryption.S3_MANAGED)
                .enforceSsl(true)
                .lifecycleRules(
                        List.of(
                                LifecycleRule.builder()
                                        .id("expire")
                                        .expiration(Duration.days(90))
                                        .build()))
                .removalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
                .build();
    }

    PublicLoadBalancer publicLoadBalancer() {
        return publicLoadBalancer;
    }

    InternalLoadBalancer internalLoadBalancer() {
        return internalLoadBalancer;
    }

    /// Behind the public load balancer.
    ApplicationTargetGroup publicOrders() {
        return publicOrders;
    }

    /// Behind the internal load balancer.
    Map<DeployedService, ApplicationTargetGroup> internalTargets() {
        return internal;
    }
}
