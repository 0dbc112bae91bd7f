package dev.orderflow.commandline.operations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The personal data of a customer are erased.
class CustomerCommandsTest extends OperationsCommandsFixture {

    @Test
    void anErasureRequiresConfirmationAndAReason() {
        var path = "/internal/operations/customers/cust-1";
        answers.put(
                path + "/personal-data",
                "{\"finalOrders\":2,\"openOrders\":1,\"openOrderIds\":[\"o1\"],\"markedOrders\":0,\"erasedOrders\":4}");
        assertThat(execute("customers", "erase", "cust-1")).isZero();
        assertThat(out.toString())
                .contains("2 final with personal data", "1 open", "o1", "Nothing was changed");
        assertThat(execute("customers", "erase", "cust-1", "--confirm")).isEqualTo(2);
        assertThat(requests).hasSize(1);

        answers.put(
                path + "/erasure",
                "{\"erasedOrders\":2,\"erasedFingerprints\":1,\"markedOrders\":0,\"markedOrderIds\":[]}");
        assertThat(execute("customers", "erase", "cust-1", "--confirm", "--reason", "request 118"))
                .isZero();
        assertThat(requests.getLast()).contains("\"reason\":\"request 118\"");
        assertThat(out.toString()).contains("2 orders erased", "No personal data remain");
    }

    @Test
    void anIncompleteErasureEndsWithExitCodeOne() {
        var path = "/internal/operations/customers/cust-1/erasure";
        answers.put(
                path,
                "{\"erasedOrders\":2,\"erasedFingerprints\":1,\"markedOrders\":1,\"markedOrderIds\":[\"o1\"]}");
        assertThat(execute("customers", "erase", "cust-1", "--confirm", "--reason", "x"))
                .isEqualTo(1);
        assertThat(out.toString()).contains("will be erased when they are final", "o1");
        status = 503;
        answers.put(
                path,
                "{\"title\":\"No answer\",\"detail\":\"order-service is away. Run it again.\"}");
        assertThat(execute("customers", "erase", "cust-1", "--confirm", "--reason", "x"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("Run it again.");
    }
}
