package dev.orderflow.localrun;

import dev.orderflow.topology.CloudEnvironment;
import dev.orderflow.topology.CloudProvisioner;
import dev.orderflow.topology.CloudProvisioner.ProvisionedCloud;
import dev.orderflow.topology.Topology;
import java.net.URI;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.ses.SesClient;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Creates the topology in a cloud, and again what is missing.
public final class TopologyProvisioning implements AutoCloseable {

    /// The domain of notification-service's default sender, which SES must have verified.
    static final String MAIL_DOMAIN = "orderflow.example";

    private final Topology topology = Topology.load();
    private final CloudEnvironment environment;
    private final SqsClient sqs;
    private final SnsClient sns;
    private final EventBridgeClient events;
    private final SfnClient states;
    private final CloudWatchClient cloudWatch;
    private final S3Client s3;
    private final SesClient ses;
    private final CloudProvisioner provisioner;

    /// In the cloud that the environment variables of the AWS SDK name.
    public TopologyProvisioning(CloudEnvironment environment) {
        this(environment, new AwsClientSettings());
    }

    /// @param settings endpoint, region and credentials of the AWS clients
    public TopologyProvisioning(CloudEnvironment environment, AwsClientSettings settings) {
        this.environment = environment;
        this.sqs = settings.build(SqsClient.builder());
        this.sns = settings.build(SnsClient.builder());
        this.events = settings.build(EventBridgeClient.builder());
        this.states = settings.build(SfnClient.builder());
        this.cloudWatch = settings.build(CloudWatchClient.builder());
        this.s3 = settings.build(S3Client.builder().forcePathStyle(true));
        this.ses = settings.build(SesClient.builder());
        this.provisioner = new CloudProvisioner(sqs, sns, events, states, cloudWatch, s3);
    }

    /// Builds AWS clients; this one with the environment variables of the AWS SDK.
    public static class AwsClientSettings {

        /// The environment variables of the AWS SDK, but another endpoint.
        public static AwsClientSettings withEndpoint(URI endpoint) {
            return new AwsClientSettings() {
                @Override
                public <B extends AwsClientBuilder<B, C>, C> C build(B builder) {
                    return builder.endpointOverride(endpoint).build();
                }
            };
        }

        /// For a local-cloud, which accepts any credentials.
        public static AwsClientSettings ofLocalCloud(URI endpoint) {
            return new AwsClientSettings() {
                @Override
                public <B extends AwsClientBuilder<B, C>, C> C build(B builder) {
                    return LocalCloudClients.build(builder, endpoint);
                }
            };
        }

        public <B extends AwsClientBuilder<B, C>, C> C build(B builder) {
            return builder.build();
        }
    }

    /// Creates the topology. Safe to repeat.
    public ProvisionedCloud provision() {
        ses.verifyDomainIdentity(verify -> verify.domain(MAIL_DOMAIN));
        return provisioner.provision(topology, environment);
    }

    /// Creates what is missing.
    ///
    /// @return whether anything was missing
    public synchronized boolean restore() {
        if (provisioner.isProvisioned(topology)) {
            return false;
        }
        provision();
        return true;
    }

    @Override
    public void close() {
        sqs.close();
        sns.close();
        events.close();
        states.close();
        cloudWatch.close();
        s3.close();
        ses.close();
    }
}
