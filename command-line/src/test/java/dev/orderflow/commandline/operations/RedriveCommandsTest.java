package dev.orderflow.commandline.operations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Redrives are planned, followed to their end, paused and compared with their plan.
class RedriveCommandsTest extends OperationsCommandsFixture {

    @Test
    void aRedriveIsPolledToItsEndAndFailsUnlessEveryMessageWasRedriven() {
        answers.put("/internal/operations/dead-letters/a/redrive", redrive("RUNNING", 0));
        answers.put("/internal/operations/redrives/42", redrive("DONE", 0));
        assertThat(execute("dlq", "redrive", "a", "--all", "--canary", "--reason", "fixed"))
                .isZero();
        assertThat(requests.getFirst())
                .contains("\"all\":true", "\"canary\":true", "\"reason\":\"fixed\"");
        assertThat(out.toString()).contains("done: 3 redriven, 0 skipped (already processed)");

        answers.put("/internal/operations/redrives/42", redrive("DONE", 1));
        assertThat(execute("dlq", "redrive", "a", "--all", "--reason", "fixed")).isEqualTo(1);
        answers.put("/internal/operations/redrives/42", redrive("STOPPED", 0));
        assertThat(execute("dlq", "redrive", "a", "--all", "--reason", "fixed")).isEqualTo(1);
    }

    @Test
    void messagesThatWereNotRedrivenAreListedByReasonWithTheirIds() {
        answers.put(
                "/internal/operations/dead-letters/a/redrive",
                """
                {"redriveId":"42","state":"DONE","action":"REDRIVE","done":1,"skipped":0,"blocked":1,"failed":3,
                 "reasons":[{"outcome":"FAILED","description":"no such message in a-dlq","count":3,"ids":["m1","m2"]},
                            {"outcome":"BLOCKED","description":"order-service does not know its order","count":1,"ids":["m4"]}]}""");
        assertThat(execute("dlq", "redrive", "a", "--all", "--reason", "fixed")).isEqualTo(1);
        assertThat(out.toString().lines().map(String::strip))
                .contains(
                        "3 failed: no such message in a-dlq",
                        "m1",
                        "m2",
                        "and 1 more",
                        "1 blocked: order-service does not know its order",
                        "m4");
    }

    @Test
    void messagesAreRedrivenByAFilterAndARedriveIsPaused() {
        answers.put(
                "/internal/operations/dead-letters/a/redrive",
                "{\"redriveId\":\"42\",\"state\":\"DONE\",\"action\":\"REDRIVE\",\"done\":1,\"skipped\":0,\"blocked\":0,\"failed\":0,\"reasons\":[]}");
        assertThat(
                        execute(
                                "dlq",
                                "redrive",
                                "a",
                                "--type",
                                "OrderShipped",
                                "--reason-prefix",
                                "no stock",
                                "--reason",
                                "fixed"))
                .isZero();
        assertThat(requests.getLast())
                .contains("\"filter\":{\"type\":\"OrderShipped\",\"reason\":\"no stock\"}");
        assertThat(execute("dlq", "redrive", "a", "--type", "X", "--all", "--reason", "fixed"))
                .isEqualTo(2);
        var redrive = "0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11";
        answers.put(
                "/internal/operations/redrives/" + redrive + "/pause",
                "{\"redriveId\":\"42\",\"state\":\"PAUSED\",\"done\":7}");
        assertThat(execute("redrives", "pause", redrive, "--reason", "slow")).isZero();
        assertThat(out.toString()).contains("The redrive is PAUSED; 7 done.");
    }

    @Test
    void aPlanIsStoredByADryRunAndRunAndItsResultIsComparedWithIt() {
        var plan = "0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11";
        answers.put(
                "/internal/operations/dead-letters/a/redrive",
                "{\"planId\":\"%s\",\"selected\":0,\"plannedActions\":{},\"messages\":[]}"
                        .formatted(plan));
        assertThat(execute("dlq", "redrive", "a", "--all", "--dry-run")).isZero();
        assertThat(out.toString()).contains("Run this plan with --plan " + plan);
        answers.put(
                "/internal/operations/dead-letters/a/redrive",
                """
                {"redriveId":"42","state":"DONE","action":"REDRIVE","done":3,"skipped":0,"blocked":0,"failed":0,"reasons":[],
                 "grade":{"planned":3,"asPredicted":1,"different":0,"open":2,"notPlanned":0,"groups":[]}}""");
        assertThat(execute("dlq", "redrive", "a", "--plan", plan, "--reason", "fixed")).isZero();
        assertThat(requests.getLast())
                .contains("\"planId\":\"" + plan + "\"")
                .doesNotContain("force", "dryRun", "all");
        assertThat(out.toString())
                .contains(
                        "Compared with the plan: 1 as predicted, 0 different, 2 not known yet, 0 not in the plan");
        assertThat(execute("dlq", "redrive", "a", "--plan", plan, "--all", "--reason", "x"))
                .isEqualTo(2);
    }

    private static String redrive(String state, int held) {
        return "{\"redriveId\":\"42\",\"state\":\"%s\",\"action\":\"REDRIVE\",\"done\":3,\"skipped\":0,\"blocked\":%d,\"failed\":0}"
                .formatted(state, held);
    }
}
