package dev.orderflow.commandline.operations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Dead letters are listed, searched, edited and annotated.
class DeadLetterCommandsTest extends OperationsCommandsFixture {

    private static final String MESSAGE = "4f6d2c1e-0b7a-4f53-8f0e-2f6f3f1f9a10";

    @Test
    void deadLettersAreListedWithoutTerminalControlCharacters() {
        answers.put(
                "/internal/operations/dead-letters",
                """
                {"queues":[{"queue":"a-dlq","count":2,"complete":false,"groups":[
                  {"fingerprint":"abcd","count":2,"oldest":"2020-01-01T00:00:00Z","reason":"\\u001b[31mred\\u0007"}]},
                 {"queue":"b-dlq","count":0,"complete":true,"groups":[]}]}""");
        assertThat(execute("dlq", "list")).isZero();
        assertThat(out.toString())
                .contains("a-dlq", "2+", "abcd", "?[31mred?", "b-dlq")
                .doesNotContain("\u001b", "\u0007");
        assertThat(requests.getFirst()).contains("Bearer h.").doesNotContain("the-key-of-this-run");
    }

    @Test
    void anUnreadableQueueEndsWithExitCodeOne() {
        answers.put(
                "/internal/operations/dead-letters",
                "{\"queues\":[{\"queue\":\"a-dlq\",\"count\":0,\"complete\":false,\"groups\":[],\"problem\":\"gone\"}]}");
        assertThat(execute("dlq", "list")).isEqualTo(1);
    }

    @Test
    void aDeadLetterSearchSaysWhichQueueCouldNotBeRead() {
        answers.put(
                "/internal/operations/dead-letters/messages",
                "{\"messages\":[],\"queues\":[{\"queue\":\"a-dlq\",\"problem\":\"SQS did not respond\"}]}");
        assertThat(execute("dlq", "search", "--reason", "no stock")).isEqualTo(1);
        assertThat(out.toString()).contains("a-dlq could not be read: SQS did not respond");
    }

    @Test
    void anEditShowsItsFieldsItsDifferenceAndWhoMustConfirmIt() {
        var path = "/internal/operations/dead-letters/a/messages/%s/edit".formatted(MESSAGE);
        answers.put(
                path,
                "{\"fields\":[{\"field\":\"reason\",\"value\":\"X\",\"rule\":\"must be one of A, B\"}]}");
        assertThat(execute("dlq", "edit", "a", MESSAGE)).isZero();
        assertThat(out.toString()).contains("must be one of A, B");
        answers.put(
                path,
                """
                {"differences":[{"field":"reason","before":"X","after":"A"}],"plannedAction":"REDRIVEN",
                 "description":"its order waits for it"}""");
        assertThat(execute("dlq", "edit", "a", MESSAGE, "--set", "reason=A", "--dry-run")).isZero();
        assertThat(out.toString())
                .contains("It would be REDRIVEN: its order waits for it. Nothing was changed.");
        assertThat(execute("dlq", "edit", "a", MESSAGE, "--set", "reason=A")).isEqualTo(2);
        answers.put(
                path,
                "{\"id\":\"7\",\"action\":\"redrive\",\"requestedBy\":\"g\",\"expiresAt\":\"2026-11-02T07:45:00Z\"}");
        assertThat(execute("dlq", "edit", "a", MESSAGE, "--set", "reason=A", "--reason", "wrong"))
                .isEqualTo(1);
        assertThat(requests.getLast()).contains("\"changes\":{\"reason\":\"A\"}");
        assertThat(out.toString()).contains("./orderflow confirmations confirm 7");
    }

    @Test
    void anAnnotationKeepsWhatIsNotGivenAndNamesTheVersionThatWasSeen() {
        answers.put(
                "/internal/operations/dead-letter-groups/aaaa",
                "{\"groups\":[{\"note\":{\"version\":3,\"owner\":\"Grace\",\"note\":\"old\"}}]}");
        answers.put(
                "/internal/operations/dead-letter-groups/aaaa/note",
                "{\"version\":4,\"owner\":\"Grace\"}");
        assertThat(execute("dlq", "annotate", "aaaa", "--note", "new")).isZero();
        assertThat(requests.getLast())
                .contains("{\"version\":3,\"owner\":\"Grace\",\"note\":\"new\"}");
        assertThat(execute("dlq", "annotate", "aaaa", "--no-owner")).isZero();
        assertThat(requests.getLast()).contains("{\"version\":3,\"note\":\"old\"}");
    }

    @Test
    void aGroupThatVanishedIsNotAnnotated() {
        answers.put("/internal/operations/dead-letter-groups/aaaa", "{\"groups\":[]}");
        assertThat(execute("dlq", "annotate", "aaaa", "--owner", "Grace")).isEqualTo(2);
        assertThat(err.toString()).contains("no dead letter has this fingerprint").hasLineCount(1);
    }
}
