package dev.orderflow.asdeployed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.asdeployed.Templates.Resource;
import dev.orderflow.commandline.operations.OperationsCommands;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;

/// Time-outs that are defined in three places: an operator's command waits for a response; less
/// long than the load balancer keeps a connection on which nothing is sent; and that less long than
/// a service does, so that the load balancer uses no connection that the service closes.
class ResponseTimeoutsTest {

    private static final String IDLE_TIMEOUT = "idle_timeout.timeout_seconds";

    /// What AWS uses when the attribute is missing.
    private static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(60);

    @Test
    void aResponseReachesACommandAsLongAsItWaits() throws Exception {
        var keepAlive = keepAliveOfServices();
        var loadBalancers =
                Templates.ofExampleStage(DeployedSystem.ACCOUNT).resources().stream()
                        .filter(it -> it.type().endsWith("::LoadBalancer"))
                        .toList();
        assertThat(loadBalancers)
                .hasSize(2)
                .allSatisfy(it -> assertThat(idleTimeout(it)).isLessThan(keepAlive));
        assertThat(loadBalancers)
                .filteredOn(it -> it.properties().path("Scheme").asString("").equals("internal"))
                .singleElement()
                .satisfies(
                        it ->
                                assertThat(idleTimeout(it))
                                        .isGreaterThan(OperationsCommands.RESPONSE_TIMEOUT));
    }

    private static Duration idleTimeout(Resource loadBalancer) {
        return loadBalancer
                .properties()
                .path("LoadBalancerAttributes")
                .valueStream()
                .filter(it -> it.path("Key").asString("").equals(IDLE_TIMEOUT))
                .map(it -> Duration.ofSeconds(Long.parseLong(it.path("Value").asString(""))))
                .findFirst()
                .orElse(DEFAULT_IDLE_TIMEOUT);
    }

    private static Duration keepAliveOfServices() throws Exception {
        var value =
                new YamlPropertySourceLoader()
                        .load("defaults", new ClassPathResource("service-defaults.yml"))
                        .getFirst()
                        .getProperty("server.tomcat.keep-alive-timeout");
        return Duration.parse("PT" + value);
    }
}
