package dev.orderflow.commandline.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Payments are refunded, captured and voided, large ones with the confirmation of a second person.
class PaymentCommandsTest extends OperationsCommandsFixture {

    @Test
    void paymentCommandsDeriveTheirIdempotencyKeyFromTheirArguments() {
        var order = "0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11";
        var payment =
                "{\"orderId\":\"%s\",\"amount\":{\"amount\":\"49.90\",\"currency\":\"EUR\"},\"operations\":[]}"
                        .formatted(order);
        answers.put("/internal/payments/" + order, payment);
        answers.put("/internal/payments/" + order + "/refund", payment);
        answers.put("/internal/payments/" + order + "/capture", payment);
        answers.put("/internal/payments/" + order + "/void", payment);

        assertThat(execute("payments", "refund", order, "--amount", "6.00")).isZero();
        assertThat(requests.getLast())
                .contains(
                        "operator-refund-" + order + "-6.00",
                        "\"amount\":\"6.00\"",
                        "\"currency\":\"EUR\"",
                        "CUSTOMER_REQUEST");
        assertThat(execute("payments", "capture", order)).isZero();
        assertThat(requests.getLast())
                .contains("operator-capture-" + order + "-49.90", "\"amount\":\"49.90\"");
        assertThat(execute("payments", "void", order, "--key", "k-1")).isZero();
        assertThat(requests.getLast()).contains("k-1").endsWith("{}");
        assertThat(out.toString()).contains("amount", "49.90 EUR", "operations: none");
    }

    @Test
    void anActionThatWaitsEndsWithExitCodeOneAndIsListedAndConfirmed() {
        var order = "0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11";
        var id = "0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f12";
        var waiting =
                """
                {"id":"%s","action":"refund","target":"%s","description":"refund 600.00 EUR",
                 "requestedBy":"adam","requestedByName":"Adam","requestedAt":"2026-01-01T10:00:00Z",
                 "expiresAt":"2026-01-01T14:00:00Z"}
                """
                        .formatted(id, order);
        var payment =
                "{\"orderId\":\"%s\",\"amount\":{\"amount\":\"600.00\",\"currency\":\"EUR\"},\"operations\":[]}"
                        .formatted(order);
        answers.put("/internal/payments/" + order, payment);
        answers.put("/internal/payments/" + order + "/refund", waiting);
        assertThat(execute("payments", "refund", order, "--amount", "600.00")).isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        "a second person must confirm it until 2026-01-01T14:00:00Z",
                        "./orderflow confirmations confirm " + id + " --payments");

        answers.put("/internal/confirmations", "{\"actions\":[%s]}".formatted(waiting));
        assertThat(execute("confirmations", "list", "--payments")).isZero();
        assertThat(out.toString()).contains(id, "refund 600.00 EUR", "Adam");

        answers.put("/internal/confirmations/" + id + "/confirmation", payment);
        assertThat(execute("confirmations", "confirm", id, "--payments")).isZero();
        assertThat(requests).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a b", "ä", "a,b", "a;b", "a\\b", "\"a\"", "", "\u007f"})
    void aKeyThatNoServiceAcceptsIsRefusedBeforeAnyRequest(String key) {
        var order = "0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11";
        for (var tried : List.of(key, key + "k".repeat(256))) {
            err.getBuffer().setLength(0);
            assertThat(execute("payments", "refund", order, "--amount", "6.00", "--key", tried))
                    .isEqualTo(2);
            assertThat(err.toString().lines().findFirst().orElse(""))
                    .startsWith("Invalid value for option '--key'")
                    .endsWith(
                            ": it must have 1 to 255 visible ASCII characters without \" , ; and \\");
        }
        assertThat(requests).isEmpty();
    }
}
