package dev.orderflow.commandline.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/// What all commands of operators have in common: their help, lists, exit codes and problems; and
/// the commands of the outbox and of the audit.
class OperationsCommandsTest extends OperationsCommandsFixture {

    @Test
    void theHelpOfEveryCommandListsItsExitCodes() {
        var leaves = new ArrayList<CommandLine>();
        addLeaves(OperationsCommands.addTo(new CommandLine(new TestRootCommand())), leaves);
        assertThat(leaves).hasSizeGreaterThan(40);
        for (var leaf : leaves) {
            assertThat(leaf.getUsageMessage())
                    .as(leaf.getCommandSpec().qualifiedName())
                    .contains("Exit codes:", "  0   ", "  2   Usage error");
        }
    }

    private static void addLeaves(CommandLine command, List<CommandLine> leaves) {
        if (command.getSubcommands().isEmpty()) {
            leaves.add(command);
        }
        command.getSubcommands().values().forEach(each -> addLeaves(each, leaves));
    }

    /// An empty list prints one sentence, and valid JSON with `--json`.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "dlq show a                | /internal/operations/dead-letters/a | {\"queue\":\"a-dlq\",\"messages\":[]} | a-dlq is empty.",
                "redrives list             | /internal/operations/redrives | {\"redrives\":[]} | There was no redrive.",
                "dlq search                | /internal/operations/dead-letters/messages | {\"messages\":[]} | No dead letter matches.",
                "dlq groups                | /internal/operations/dead-letter-groups | {\"groups\":[]} | All dead-letter queues are empty.",
                "dlq discarded             | /internal/operations/discarded-messages | {\"messages\":[]} | No message was discarded, as long as its queue would have kept it.",
                "alarms --all              | /internal/operations/alarms | {\"alarms\":[]} | No alarm is in the state ALARM.",
                "trail --subject x         | /internal/operations/audit-trail | {\"entries\":[]} | There is no entry.",
                "orders search             | /internal/operations/orders | {\"orders\":[]} | No order matches.",
                "workflows failed          | /internal/operations/workflows/failed | {\"executions\":[]} | No workflow has failed.",
                "work-items list           | /internal/work-items | {\"items\":[]} | No work item is open.",
                "approvals list            | /internal/approvals | {\"approvals\":[]} | No approval is pending.",
                "outbox parked             | /internal/outbox/parked | {\"events\":[]} | No event is parked.",
                "notifications list        | /internal/notifications | {\"notifications\":[]} | No notification is UNKNOWN.",
                "audit                     | /internal/operations/violations | {\"violations\":[]} | No violations."
            })
    void anEmptyListPrintsOneSentence(String row) {
        var parts = row.split(" *\\| ");
        answers.put(parts[1], parts[2]);
        assertThat(execute(parts[0].split(" "))).isZero();
        assertThat(out.toString()).startsWith(parts[3]).hasLineCount(1);

        out.getBuffer().setLength(0);
        var asJson = (parts[0] + " --json").split(" ");
        assertThat(execute(asJson)).isZero();
        assertThat(JsonMapper.shared().readTree(out.toString()).isContainer()).isTrue();
    }

    @Test
    void parkedEventsAreReleasedByReasonOfAllTheirOrders() {
        answers.put(
                "/internal/outbox/parked/reasons",
                "{\"reasons\":[{\"reason\":\"AccessDenied: bus\"},{\"reason\":\"too large\"}]}");
        answers.put(
                "/internal/outbox/parked/release",
                "{\"reason\":\"AccessDenied: bus\",\"orders\":2000,\"events\":2001}");

        assertThat(execute("outbox", "release", "--reason", "AccessDenied")).isZero();
        assertThat(out.toString().strip()).isEqualTo("Released: 2001 events of 2000 orders.");
        assertThat(requests).hasSize(2);
        assertThat(requests.getLast()).contains("AccessDenied: bus");
    }

    @Test
    void theNoteOfAReleaseIsSent() {
        var order = "4f6d2c1e-0b7a-4f53-8f0e-2f6f3f1f9a10";
        answers.put("/internal/outbox/parked/" + order + "/release", "{\"events\":1}");
        assertThat(execute("outbox", "release", "--order", order, "--note", "the bus is fixed"))
                .isZero();
        assertThat(requests.getLast()).contains("{\"note\":\"the bus is fixed\"}");
    }

    @Test
    void aTrailWithoutTheEntriesOfAServiceSaysSo() {
        answers.put(
                "/internal/operations/audit-trail",
                """
                {"entries":[{"at":"2026-11-02T09:15:30Z","recordedBy":"order-service","operatorName":"Oskar",
                             "action":"RESOLVE_WORK_ITEM","subject":"o1","reason":"called","detail":"done"}],
                 "problems":["payment-service did not respond"]}
                """);
        assertThat(execute("trail")).isEqualTo(1);
        assertThat(out.toString())
                .contains("Oskar     RESOLVE_WORK_ITEM  o1       called  done    order-service")
                .endsWith("This list is not complete: payment-service did not respond\n");
        out.getBuffer().setLength(0);
        assertThat(execute("trail", "--json")).isEqualTo(1);
        assertThat(JsonMapper.shared().readTree(out.toString()).path("problems")).hasSize(1);
    }

    /// The stub answers by path, so both pages are the same.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "work-items list    | /internal/work-items                  | items",
                "notifications list | /internal/notifications               | notifications",
                "workflows failed   | /internal/operations/workflows/failed | executions",
                "dlq search         | /internal/operations/dead-letters/messages | messages",
                "dlq discarded      | /internal/operations/discarded-messages | messages",
                "dlq groups         | /internal/operations/dead-letter-groups | groups",
                "orders search      | /internal/operations/orders           | orders",
                "trail --limit 5    | /internal/operations/audit-trail      | entries",
                "audit              | /internal/operations/violations       | violations"
            })
    void aLongListPrintsTheCursorOfItsNextPage(String row) {
        var parts = row.split(" *\\| ");
        answers.put(
                parts[1],
                "{\"%s\":[{\"redriveCount\":0,\"redrivable\":true}],\"next\":\"a/b\"}"
                        .formatted(parts[2]));
        execute((parts[0] + (parts[2].equals("executions") ? " --limit 1" : "")).split(" "));
        assertThat(out.toString()).contains("More: --cursor a/b");
        execute(
                (parts[0] + " --cursor a/b" + (parts[2].equals("executions") ? " --limit 1" : ""))
                        .split(" "));
        assertThat(server.requests(request -> request.query().contains("cursor=a%2Fb"))).hasSize(1);
    }

    @Test
    void violationsEndTheAuditWithExitCodeOne() {
        answers.put("/internal/operations/violations", "{\"violations\":[]}");
        assertThat(execute("audit")).isZero();
        answers.put(
                "/internal/operations/violations",
                "{\"violations\":[{\"subject\":\"o1\",\"invariant\":\"ORDER_CHARGED_AT_MOST_ONCE\",\"detail\":\"charged twice\"}]}");
        assertThat(execute("audit")).isEqualTo(1);
        assertThat(out.toString())
                .contains("ORDER_CHARGED_AT_MOST_ONCE  o1", "found: charged twice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "customers erase a/b",
                "dlq list --url http://127.0.0.1:1",
                "dlq list --url nonsense",
                "dlq list --url file:///etc/passwd",
                "dlq list --url http://",
                "dlq show no-such-queue",
                "dlq redrive a --all",
                "dlq discard a --message 4f6d2c1e-0b7a-4f53-8f0e-2f6f3f1f9a10",
                "workflows failed --run 5000000",
                "workflows redrive --all"
            })
    void anInvalidCallIsReportedInOneLineWithExitCodeTwo(String call) {
        assertThat(execute(call.split(" "))).isEqualTo(2);
        assertThat(err.toString().strip()).startsWith("orderflow: ").hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dlq",
                "dlq redrive a --reason x",
                "dlq redrive a --all --fingerprint abcd --reason x",
                "dlq redrive --all --reason x",
                "workflows redrive --reason x",
                "workflows redrive --all --per-second many --reason x",
                "orders",
                "work-items resolve 7 --note x",
                "work-items resolve 0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11"
            })
    void aUsageErrorEndsWithExitCodeTwo(String call) {
        assertThat(execute(call.split(" "))).isEqualTo(2);
    }

    @Test
    void aProblemOfTheApiIsPrintedWithItsDetail() {
        status = 409;
        answers.put(
                "/internal/operations/dead-letters/a/redrive",
                "{\"title\":\"Another redrive is running\",\"detail\":\"a-dlq is being worked on by grace\"}");
        assertThat(execute("dlq", "redrive", "a", "--all", "--reason", "x")).isEqualTo(2);
        assertThat(err.toString()).contains("Another redrive is running: a-dlq is being worked on");
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void anErrorOfTheLoadBalancerMeansThatTheServiceIsUnavailable(int code) {
        status = code;
        answers.put("/internal/operations/violations", "<html>Gateway</html>");
        assertThat(execute("audit")).isEqualTo(1);
        assertThat(err.toString().strip())
                .isEqualTo(
                        "orderflow: the service behind %s is unavailable or did not answer in time (HTTP %d)"
                                .formatted(server.url(), code));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 404, 500})
    void anotherServerIsNamedWithItsUrl(int code) {
        status = code;
        answers.put("/internal/operations/violations", "<html>Welcome</html>");
        assertThat(execute("audit")).isEqualTo(2);
        assertThat(err.toString().strip())
                .isEqualTo(
                        "orderflow: the server at %s is not Orderflow (HTTP %d); check the URL"
                                .formatted(server.url(), code));
    }

    /// The stub closes the connection after it has received the request.
    @Test
    void anActionWithoutAResponseMayHaveBeenDone() {
        status = 0;
        answers.put("/internal/operations/dead-letters/a/redrive", "");
        assertThat(execute("dlq", "redrive", "a", "--all", "--reason", "x")).isEqualTo(2);
        assertThat(err.toString().strip())
                .isEqualTo(
                        "orderflow: no response from %s; the action may have been done: check before repeating it"
                                .formatted(server.url()));
        assertThat(requests).hasSize(1);

        err.getBuffer().setLength(0);
        answers.put("/internal/operations/violations", "");
        assertThat(execute("audit")).isEqualTo(2);
        assertThat(err.toString().strip()).isEqualTo("orderflow: no response from " + server.url());
    }

    @Test
    void aResponseOfAnotherServerInJsonIsReportedInOneLine() {
        answers.put("/internal/operations/dead-letters", "{\"queues\":[{\"count\":\"many\"}]}");
        assertThat(execute("dlq", "list")).isEqualTo(2);
        assertThat(err.toString().strip())
                .startsWith(
                        "orderflow: the response lacks a field that it should have; check the URL")
                .hasLineCount(1);
    }
}
