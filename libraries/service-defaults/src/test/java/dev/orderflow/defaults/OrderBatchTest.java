package dev.orderflow.defaults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.defaults.scheduling.OrderBatch;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import software.amazon.awssdk.core.exception.SdkClientException;

@ExtendWith(OutputCaptureExtension.class)
class OrderBatchTest {

    private final List<UUID> orders = Stream.generate(UUID::randomUUID).limit(3).toList();
    private final UUID failing = orders.get(1);
    private final List<UUID> handled = new ArrayList<>();

    static Stream<RuntimeException> failuresOfAnOrder() {
        return Stream.of(
                new IllegalStateException("no address for 'Ada'"),
                new DataIntegrityViolationException("x", new SQLException("x", "23514")),
                new CannotAcquireLockException("x", new SQLException("x", "55P03")));
    }

    @ParameterizedTest
    @MethodSource("failuresOfAnOrder")
    void anOrderThatFailsDelaysNoOther(RuntimeException failure, CapturedOutput output) {
        handleAll(failure);
        assertThat(handled).containsExactly(orders.getFirst(), orders.getLast());
        assertThat(output)
                .contains("order " + failing + ": counting failed; retrying in a later run")
                .doesNotContain("Ada");
    }

    static Stream<RuntimeException> outages() {
        return Stream.of(
                new DataAccessResourceFailureException("x", new SQLException("x", "08006")),
                SdkClientException.create("no route to host"),
                new IllegalStateException(SdkClientException.create("no route to host")));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void anOutageEndsTheBatch(RuntimeException outage, CapturedOutput output) {
        assertThatThrownBy(() -> handleAll(outage)).isSameAs(outage);
        assertThat(handled).containsExactly(orders.getFirst());
        assertThat(output).doesNotContain("counting failed");
    }

    @Test
    void anOrderThatFailedIsNotHandled() {
        assertThat(OrderBatch.handle(failing, "counting", () -> true)).isTrue();
        assertThat(OrderBatch.handle(failing, "counting", () -> false)).isFalse();
        assertThat(
                        OrderBatch.handle(
                                failing,
                                "counting",
                                () -> {
                                    throw new IllegalStateException();
                                }))
                .isFalse();
    }

    private void handleAll(RuntimeException failure) {
        OrderBatch.forEach(
                orders,
                Function.identity(),
                "counting",
                order -> {
                    if (order.equals(failing)) {
                        throw failure;
                    }
                    handled.add(order);
                });
    }
}
