package dev.orderflow.commandline.operations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Orders are shown, watched, decided about and cancelled, and their work items resolved.
class OrderCommandsTest extends OperationsCommandsFixture {

    @Test
    void aCaseFileIsPrintedWithItsTimelineItsGapsAndWhatIsMissing() {
        var order = "0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11";
        answers.put(
                "/internal/operations/orders/" + order,
                """
                {"orderId":"0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11","complete":false,"omitted":3,
                 "parts":[{"part":"payment-service","available":false,"complete":false,"entries":0,
                           "problem":"payment-service did not respond","unavailableSince":"2026-11-02T07:45:00Z"}],
                 "states":[{"participant":"order-service","state":"CONFIRMED","summary":"The order is CONFIRMED."}],
                 "timeline":[{"at":"2026-11-02T07:40:00Z","participant":"customer","outcome":"DONE",
                              "summary":"The order was placed."}],
                 "gaps":[{"from":"2026-11-02T07:45:00Z","waitingFor":"carrier","reason":"The carrier was away."}]}""");
        assertThat(execute("orders", "show", order)).isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        "The order is CONFIRMED.",
                        "Incomplete: payment-service did not respond, since 2026-11-02T07:45:00Z",
                        "customer              DONE     The order was placed.",
                        "3 entries in the middle are left out",
                        "2026-11-02T07:45:00Z to now  The carrier was away.");
    }

    @Test
    void watchingEndsWithTheFinalOrderAndPrintsEachEntryOnce() {
        var order = "0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11";
        answers.put(
                "/internal/operations/orders/" + order,
                """
                {"states":[{"participant":"order-service","state":"SHIPPED","summary":"x"}],
                 "timeline":[{"at":"2026-11-02T07:40:00Z","participant":"customer","outcome":"DONE",
                              "summary":"The order was placed."}]}""");
        assertThat(execute("orders", "watch", order)).isZero();
        assertThat(out.toString()).containsOnlyOnce("The order was placed.");
        answers.put("/internal/operations/orders/" + order, "{\"states\":[],\"timeline\":[]}");
        assertThat(execute("orders", "watch", order, "--timeout", "1", "--interval", "1"))
                .isEqualTo(1);
    }

    @Test
    void aDecisionIsRequestedOfTheConsoleWhichRecordsIt() {
        var order = "0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11";
        answers.put(
                "/internal/operations/approvals/" + order + "/decision",
                """
                {"orderId":"%s","total":{"amount":"1249.00","currency":"EUR"},"decidedByName":"Grace Hopper"}"""
                        .formatted(order));
        assertThat(execute("approvals", "approve", order, "--note", "known customer")).isZero();
        assertThat(requests.getLast())
                .contains("\"decision\":\"APPROVE\"", "\"note\":\"known customer\"");
        assertThat(out.toString())
                .contains("Order %s of 1249.00 EUR: approved by Grace Hopper.".formatted(order));
        assertThat(execute("approvals", "reject", order)).isZero();
        assertThat(requests.getLast()).contains("\"decision\":\"REJECT\"").doesNotContain("note");
    }

    @Test
    void openWorkItemsAreListed() {
        answers.put(
                "/internal/work-items",
                "{\"items\":[{\"id\":\"7\",\"orderId\":\"o1\",\"kind\":\"STUCK\",\"reason\":\"no progress\",\"state\":\"OPEN\",\"openedAt\":\"2020-01-01T00:00:00Z\"}]}");
        assertThat(execute("work-items", "list")).isZero();
        assertThat(out.toString()).contains("o1", "STUCK", "no progress");
    }

    @Test
    void aWorkItemIsResolvedWithOperatorAndNote() {
        var item = "0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11";
        answers.put(
                "/internal/work-items/" + item + "/resolution",
                "{\"id\":\"%s\",\"orderId\":\"o1\",\"kind\":\"COMPENSATION_FAILED\",\"state\":\"REJECTED\"}"
                        .formatted(item));
        assertThat(execute("work-items", "resolve", item, "--note", "voided")).isZero();
        assertThat(out.toString().strip())
                .isEqualTo("Resolved: COMPENSATION_FAILED of order o1, which is REJECTED.");
        assertThat(requests.toString()).contains("{\"note\":\"voided\"}");
    }

    @Test
    void anOrderIsCancelledWithAReasonAndARefusalSaysWhy() {
        var order = "0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11";
        var path = "/internal/operations/orders/" + order + "/cancellation";
        answers.put(path, "{\"state\":\"CANCEL_REQUESTED\",\"repeated\":false}");
        assertThat(execute("orders", "cancel", order)).isEqualTo(2);
        assertThat(requests).isEmpty();
        assertThat(execute("orders", "cancel", order, "--reason", "the customer called")).isZero();
        assertThat(requests.getLast()).endsWith("{\"reason\":\"the customer called\"}");
        assertThat(out.toString()).contains("CANCEL_REQUESTED");

        status = 409;
        answers.put(
                path,
                "{\"title\":\"Too late to cancel\",\"detail\":\"The order is DISPATCHING.\"}");
        err.getBuffer().setLength(0);
        assertThat(execute("orders", "cancel", order, "--reason", "x")).isEqualTo(2);
        assertThat(err.toString())
                .contains("Too late to cancel: The order is DISPATCHING.")
                .hasLineCount(1);
        status = 503;
        assertThat(execute("orders", "cancel", order, "--reason", "x")).isEqualTo(1);
    }
}
