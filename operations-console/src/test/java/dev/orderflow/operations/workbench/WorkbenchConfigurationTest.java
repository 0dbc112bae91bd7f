package dev.orderflow.operations.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.operations.OperationsConsoleApplication;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class WorkbenchConfigurationTest {

    private static final String ENABLED = "orderflow.operations.workbench.enabled=true";

    private final ApplicationContextRunner console =
            new ApplicationContextRunner()
                    .withBean(ObservationRegistry.class, ObservationRegistry::create)
                    .withUserConfiguration(
                            WorkbenchConfiguration.class,
                            WorkbenchOrders.class,
                            SandboxControls.class,
                            SteadyLoad.class,
                            LogTail.class)
                    .withPropertyValues(
                            "orderflow.operations.workbench.order-api-url=http://127.0.0.1:1",
                            "orderflow.operations.workbench.issuer-url=http://127.0.0.1:1",
                            "orderflow.operations.workbench.gateway-url=http://127.0.0.1:1",
                            "orderflow.operations.workbench.carrier-url=http://127.0.0.1:1",
                            "orderflow.operations.workbench.cloud-url=http://127.0.0.1:1");

    /// The application itself, before it opens a connection.
    @ParameterizedTest
    @ValueSource(strings = {"", "container", "production", "Local", "local-test"})
    void theConsoleRefusesToStartWithAWorkbenchOutsideOfLocal(String profiles) {
        assertThatThrownBy(
                        () ->
                                OperationsConsoleApplication.application()
                                        .run(
                                                "--" + ENABLED,
                                                "--spring.profiles.active=" + profiles,
                                                "--server.port=0",
                                                "--management.server.port=0",
                                                "--spring.main.banner-mode=off")
                                        .close())
                .isInstanceOf(WorkbenchOutsideLocalException.class)
                .hasMessageContaining("without the profile local");
    }

    @Test
    void underLocalTheWorkbenchExists() {
        console.withInitializer(context -> context.getEnvironment().addActiveProfile("local"))
                .withPropertyValues(ENABLED)
                .run(context -> assertThat(context).hasSingleBean(SteadyLoad.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "yes", "on", "1", ""})
    void unlessItIsSwitchedOnThereIsNone(String enabled) {
        console.withInitializer(context -> context.getEnvironment().addActiveProfile("local"))
                .withPropertyValues("orderflow.operations.workbench.enabled=" + enabled)
                .run(
                        context ->
                                assertThat(context)
                                        .doesNotHaveBean(WorkbenchConfiguration.class)
                                        .doesNotHaveBean(SteadyLoad.class));
        console.run(context -> assertThat(context).doesNotHaveBean(WorkbenchConfiguration.class));
    }
}
