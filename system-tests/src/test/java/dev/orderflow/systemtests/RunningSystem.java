package dev.orderflow.systemtests;

import dev.orderflow.localrun.LocalRun;
import dev.orderflow.localrun.LocalRun.Settings;
import dev.orderflow.localrun.Part;
import java.net.URI;
import java.time.Duration;
import org.awaitility.Awaitility;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;

/// The system under test. The only class here that knows how it is started; the others know
/// addresses.
final class RunningSystem {

    private static final LocalRun SYSTEM = start();

    private RunningSystem() {}

    private static LocalRun start() {
        // What is awaited here travels through several queues; on a busy machine that takes a
        // while.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(45));
        var system = LocalRun.start(Settings.forTests());
        Runtime.getRuntime().addShutdownHook(new Thread(system::close));
        return system;
    }

    static URI orders() {
        return SYSTEM.url(Part.ORDER_SERVICE);
    }

    static URI inventory() {
        return SYSTEM.url(Part.INVENTORY_SERVICE);
    }

    static URI payments() {
        return SYSTEM.url(Part.PAYMENT_SERVICE);
    }

    static URI analytics() {
        return SYSTEM.url(Part.ANALYTICS_SERVICE);
    }

    static URI operations() {
        return SYSTEM.url(Part.OPERATIONS_CONSOLE);
    }

    static URI gateway() {
        return SYSTEM.url(Part.SANDBOX_GATEWAY);
    }

    static URI carrier() {
        return SYSTEM.url(Part.SANDBOX_CARRIER);
    }

    static URI cloud() {
        return SYSTEM.url(Part.LOCAL_CLOUD);
    }

    static String internalApiKey() {
        return SYSTEM.internalApiKey();
    }

    /// A client of the cloud the system runs on.
    static <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
        return builder.endpointOverride(cloud())
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("test", "test")))
                .build();
    }
}
