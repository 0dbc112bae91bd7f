package dev.orderflow.localrun.container;

import dev.orderflow.topology.CloudEnvironment;
import dev.orderflow.topology.CloudProvisioner;
import dev.orderflow.topology.CloudProvisioner.ProvisionedCloud;
import dev.orderflow.topology.Topology;
import java.net.URI;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The topology in a cloud, built and built again.
final class TopologyProvisioning implements AutoCloseable {

    private final Topology topology = Topology.load();
    private final CloudEnvironment site;
    private final SqsClient sqs;
    private final SnsClient sns;
    private final EventBridgeClient events;
    private final SfnClient states;
    private final CloudWatchClient cloudWatch;
    private final S3Client s3;
    private final CloudProvisioner provisioner;

    /// In the cloud that the AWS SDK's own environment variables name.
    TopologyProvisioning(CloudEnvironment site) {
        this(site, new AwsClientSettings());
    }

    /// @param settings where the cloud is and who asks
    TopologyProvisioning(CloudEnvironment site, AwsClientSettings settings) {
        this.site = site;
        this.sqs = settings.build(SqsClient.builder());
        this.sns = settings.build(SnsClient.builder());
        this.events = settings.build(EventBridgeClient.builder());
        this.states = settings.build(SfnClient.builder());
        this.cloudWatch = settings.build(CloudWatchClient.builder());
        this.s3 = settings.build(S3Client.builder().forcePathStyle(true));
        this.provisioner = new CloudProvisioner(sqs, sns, events, states, cloudWatch, s3);
    }

    /// Settings of every client; none are the environment's.
    static class AwsClientSettings {

        /// The environment's, with another endpoint.
        static AwsClientSettings withEndpoint(URI endpoint) {
            return new AwsClientSettings() {
                @Override
                <B extends AwsClientBuilder<B, C>, C> C build(B builder) {
                    return builder.endpointOverride(endpoint).build();
                }
            };
        }

        <B extends AwsClientBuilder<B, C>, C> C build(B builder) {
            return builder.build();
        }
    }

    ProvisionedCloud provision() {
        return provisioner.provision(topology, site);
    }

    /// Builds what is missing.
    ///
    /// @return whether something was
    synchronized boolean restore() {
        if (provisioner.isProvisioned(topology)) {
            return false;
        }
        provisioner.provision(topology, site);
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
    }
}
