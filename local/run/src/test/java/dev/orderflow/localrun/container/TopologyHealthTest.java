package dev.orderflow.localrun.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.localcloud.LocalCloud;
import dev.orderflow.localrun.TopologyProvisioning;
import dev.orderflow.topology.ApprovalLimits;
import dev.orderflow.topology.CloudEnvironment;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;

/// The health endpoint of the container local-cloud.
class TopologyHealthTest {

    private LocalCloud cloud = LocalCloud.builder().start();
    private final URI endpoint = cloud.endpoint();
    private final TopologyProvisioning provisioning =
            new TopologyProvisioning(
                    new CloudEnvironment(
                            URI.create("http://127.0.0.1:1"),
                            URI.create("http://127.0.0.1:1"),
                            URI.create("http://127.0.0.1:1"),
                            "the-internal-key-of-a-test",
                            ApprovalLimits.parse(ApprovalLimits.STANDARD)),
                    new TopologyProvisioning.AwsClientSettings() {
                        @Override
                        public <B extends AwsClientBuilder<B, C>, C> C build(B builder) {
                            return at(builder);
                        }
                    });
    private TopologyHealth health;

    @BeforeEach
    void start() {
        provisioning.provision();
        health = TopologyHealth.start(0, provisioning);
    }

    @AfterEach
    void stop() {
        health.close();
        provisioning.close();
        cloud.close();
    }

    @Test
    void aRestartedCloudIsHealthyAfterItsResourcesWereRestored() throws Exception {
        assertThat(status()).isEqualTo(200);
        cloud.close();
        assertThat(status()).isEqualTo(503);
        cloud = LocalCloud.builder().port(endpoint.getPort()).start();
        assertThat(status()).isEqualTo(200);
        assertThat(provisioning.restore()).isFalse();
    }

    @Test
    void aMissingRuleIsRestored() throws Exception {
        try (var events = at(EventBridgeClient.builder())) {
            var rule = events.listRules(list -> list.eventBusName("orderflow")).rules().getFirst();
            for (var target :
                    events.listTargetsByRule(
                                    list -> list.rule(rule.name()).eventBusName("orderflow"))
                            .targets()) {
                events.removeTargets(
                        remove ->
                                remove.rule(rule.name())
                                        .eventBusName("orderflow")
                                        .ids(target.id()));
            }
            events.deleteRule(delete -> delete.name(rule.name()).eventBusName("orderflow"));
            assertThat(status()).isEqualTo(200);
            assertThat(
                            events.listTargetsByRule(
                                            list ->
                                                    list.rule(rule.name())
                                                            .eventBusName("orderflow"))
                                    .targets())
                    .isNotEmpty();
        }
    }

    private <B extends AwsClientBuilder<B, C>, C> C at(B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("local", "local")))
                .build();
    }

    private int status() throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:"
                                                            + health.port()
                                                            + TopologyHealth.PATH))
                                    .timeout(Duration.ofMinutes(2))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
