package dev.orderflow.defaults.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.orderflow.defaults.fixture.ServiceEnvironments;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StructuredLogTest {

    private static final String FORMAT = "logging.structured.format.console";

    @Test
    void aLineInAContainerIsJsonWithOrderAndTrace() {
        var line = line(environment("container"));
        assertThat(line.path("message").asString()).isEqualTo("was handled");
        assertThat(line.path("orderId").asString()).isEqualTo("o-1");
        assertThat(line.path("traceId").asString()).isEqualTo("t-1");
        assertThat(line.path(LogFields.SERVICE).asString()).isEqualTo("s-1");
        assertThat(line.at("/service/name").asString()).isEqualTo("defaults-test");
    }

    @Test
    void lineBreaksInValuesDoNotForgeLogLines() {
        var forged = "was handled\n{\"message\":\"forged\"}\r\n";
        var bytes = encoded(environment("container"), forged);
        assertThat(bytes.lines()).hasSize(1);
        assertThat(JsonMapper.shared().readTree(bytes).path("message").asString())
                .isEqualTo(forged);
    }

    @Test
    void aLineIsPlainTextWithTheProfileLocal() {
        assertThat(environment().getProperty(FORMAT)).isNull();
        assertThat(environment().getProperty("logging.pattern.correlation"))
                .contains("traceId", "orderId");
    }

    private static StandardEnvironment environment(String... profiles) {
        return ServiceEnvironments.read("defaults-test", profiles);
    }

    private static JsonNode line(StandardEnvironment environment) {
        return JsonMapper.shared().readTree(encoded(environment, "was handled"));
    }

    private static String encoded(StandardEnvironment environment, String message) {
        var context = new LoggerContext();
        context.putObject(Environment.class.getName(), environment);
        var encoder = new StructuredLogEncoder();
        encoder.setContext(context);
        encoder.setFormat(environment.getRequiredProperty(FORMAT));
        encoder.start();
        var logger = context.getLogger("dev.orderflow.order");
        var event = new LoggingEvent("", logger, Level.INFO, message, null, null);
        event.setMDCPropertyMap(
                Map.of("orderId", "o-1", "traceId", "t-1", LogFields.SERVICE, "s-1"));
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }
}
