package dev.orderflow.localcloud;

import dev.orderflow.localcloud.cloudwatch.CloudWatch;
import dev.orderflow.localcloud.eventbridge.EventBridge;
import dev.orderflow.localcloud.iam.AccessControl;
import dev.orderflow.localcloud.iam.ApiAuthorization;
import dev.orderflow.localcloud.iam.AuthorizedPorts;
import dev.orderflow.localcloud.kms.Kms;
import dev.orderflow.localcloud.ports.EventBusPort;
import dev.orderflow.localcloud.ports.StateMachinePort;
import dev.orderflow.localcloud.ports.TopicPort;
import dev.orderflow.localcloud.s3.S3;
import dev.orderflow.localcloud.ses.Ses;
import dev.orderflow.localcloud.sns.Sns;
import dev.orderflow.localcloud.sqs.Sqs;
import dev.orderflow.localcloud.stepfunctions.StepFunctions;
import dev.orderflow.localcloud.sts.Sts;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.HttpGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// A running local cloud.
///
/// ```java
/// try (var cloud = LocalCloud.builder().start()) {
///     SqsClient.builder().endpointOverride(cloud.endpoint())…
/// }
/// ```
///
/// All state is in memory and is lost when it closes.
public final class LocalCloud implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LocalCloud.class);

    private final AccessControl accessControl;
    private final HttpGateway gateway;
    private final Sqs sqs;
    private final Sns sns;
    private final EventBridge eventBridge;
    private final StepFunctions stepFunctions;
    private final CloudWatch cloudWatch;

    private LocalCloud(Builder builder) throws IOException {
        var clock = new CloudClock(builder.clockFactor);
        this.accessControl = new AccessControl(clock);
        this.gateway = new HttpGateway(builder.host, builder.port);
        var ports = new AuthorizedPorts(accessControl, "us-east-1", HttpGateway.ACCOUNT);
        var topics = new AtomicReference<TopicPort>();
        var buses = new AtomicReference<EventBusPort>();
        var machines = new AtomicReference<StateMachinePort>();
        this.sqs = new Sqs(clock);
        var queues = ports.queues(sqs);
        this.cloudWatch = new CloudWatch(clock, sqs, ports.topics(later(topics)), later(buses));
        this.sns = new Sns(clock, queues, cloudWatch);
        topics.set(sns);
        this.eventBridge =
                new EventBridge(
                        clock, queues, ports.topics(later(topics)), later(machines), cloudWatch);
        buses.set(eventBridge);
        this.stepFunctions =
                new StepFunctions(
                        clock,
                        queues,
                        ports.buses(eventBridge),
                        ports.topics(() -> sns).get(),
                        ports.connections(eventBridge),
                        cloudWatch,
                        accessControl,
                        builder.names);
        machines.set(stepFunctions);
        var ses = new Ses(clock);
        gateway.addRawHandler("s3", new S3(clock));
        gateway.add(sqs);
        gateway.add(sns);
        gateway.add(eventBridge);
        gateway.add(stepFunctions);
        gateway.add(cloudWatch);
        gateway.add(ses);
        gateway.add(new Sts());
        var kms = new Kms(clock);
        gateway.add(kms);
        gateway.setAuthorizer(new ApiAuthorization(accessControl, resources(kms, ses))::require);
        gateway.addDiagnosticPage("ses", ses);
        gateway.addDiagnosticPage("sqs-requests", sqs);
        try {
            gateway.runPreparation(builder.preparation);
        } catch (IOException | RuntimeException failed) {
            close();
            throw failed;
        }
        gateway.start();
        log.info("listening on {} (for development and tests only)", gateway.endpoint());
    }

    private ApiAuthorization.Resources resources(Kms kms, Ses ses) {
        return new ApiAuthorization.Resources() {
            @Override
            public Optional<String> stateMachineOfToken(String token) {
                return stepFunctions.stateMachineOf(token);
            }

            @Override
            public Optional<String> connection(String name) {
                return eventBridge.connectionArn(name);
            }

            @Override
            public Optional<String> senderOf(JsonNode input) {
                return Ses.senderOf(input);
            }

            @Override
            public String identityOf(String address) {
                return ses.identityOf(address);
            }

            @Override
            public Optional<String> keyOf(JsonNode input) {
                return kms.keyOf(input);
            }
        };
    }

    /// Returns a builder for a local cloud on a free loopback port with the wall clock.
    public static Builder builder() {
        return new Builder();
    }

    /// The value for `AWS_ENDPOINT_URL`.
    public URI endpoint() {
        return gateway.endpoint();
    }

    /// The roles and policies of the account.
    public AccessControl accessControl() {
        return accessControl;
    }

    private static <T> Supplier<T> later(AtomicReference<T> service) {
        return () -> {
            var there = service.get();
            if (there == null) {
                throw new IllegalStateException(
                        "service called before the local cloud was constructed");
            }
            return there;
        };
    }

    /// Ends waiting long polls with an empty response, stops the HTTP server, then stops all
    /// services.
    @Override
    public void close() {
        // First, because the server waits for responses to long polls.
        sqs.close();
        gateway.close();
        stepFunctions.close();
        eventBridge.close();
        sns.close();
        cloudWatch.close();
    }

    /// Configures and starts a local cloud.
    public static final class Builder {

        private String host = "127.0.0.1";
        private int port;
        private double clockFactor = 1;
        private UnaryOperator<URI> names = UnaryOperator.identity();
        private Consumer<URI> preparation = _ -> {};

        private Builder() {}

        /// The address to listen on, loopback by default.
        public Builder host(String host) {
            this.host = host;
            return this;
        }

        /// The port to listen on, a free port by default.
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /// The speed of cloud time relative to the wall clock, at least 1.
        public Builder clockFactor(double clockFactor) {
            this.clockFactor = clockFactor;
            return this;
        }

        /// Maps the URLs of HTTP tasks, for host names that only the account's own network
        /// resolves.
        public Builder names(UnaryOperator<URI> names) {
            this.names = names;
            return this;
        }

        /// Creates resources before the first request is answered. Without it, events for a bus
        /// that does not exist yet would be accepted and dropped. The action receives its own
        /// endpoint; other requests wait until it returns.
        public Builder prepare(Consumer<URI> preparation) {
            this.preparation = preparation;
            return this;
        }

        /// Starts the local cloud.
        ///
        /// @throws UncheckedIOException if the port is in use
        public LocalCloud start() {
            try {
                return new LocalCloud(this);
            } catch (IOException failure) {
                throw new UncheckedIOException(
                        "local-cloud cannot listen on " + host + ":" + port, failure);
            }
        }
    }
}
