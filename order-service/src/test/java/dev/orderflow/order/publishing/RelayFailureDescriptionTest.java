package dev.orderflow.order.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.outbox.OutboxFailureDescription;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The log of a service has the words of both: the library cannot use those of the services.
class RelayFailureDescriptionTest {

    @ParameterizedTest
    @MethodSource({
        "dev.orderflow.outbox.OutboxFailureDescriptionTest#kinds",
        "dev.orderflow.outbox.OutboxFailureDescriptionTest#unknownKinds"
    })
    void theRelayAndTheServiceNameAFailureAlike(Throwable failure) {
        assertThat(FailureDescription.of(failure)).isEqualTo(OutboxFailureDescription.of(failure));
    }
}
