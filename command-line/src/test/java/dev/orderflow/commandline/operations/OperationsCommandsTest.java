package dev.orderflow.commandline.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.RecordedRequest;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.localmachine.UserFolder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import tools.jackson.databind.json.JsonMapper;

class OperationsCommandsTest {

    private static final String MESSAGE = "4f6d2c1e-0b7a-4f53-8f0e-2f6f3f1f9a10";

    private static final String SELF = Long.toString(ProcessHandle.current().pid());

    @Command(name = "orderflow")
    static final class TestRootCommand {}

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private final HttpStub server = new HttpStub(this::respond);
    private AutoCloseable registration = () -> {};

    @BeforeEach
    void running() {
        var url = URI.create(server.url());
        registration =
                RunRegistration.current(
                                Map.of(),
                                new RunEndpoints(
                                        url, url, url, "the-key-of-this-run", services(url)))
                        .publish();
        signIn(Instant.now().plusSeconds(600));
    }

    @AfterEach
    void stop() throws Exception {
        OperatorSession.delete(issuer());
        server.close();
        registration.close();
    }

    private URI issuer() {
        return URI.create(server.url());
    }

    /// Stores a session, as `login` does.
    private String signIn(Instant expiresAt) {
        var token = token(expiresAt);
        new OperatorSession(issuer(), token).write();
        return token;
    }

    private static String token(Instant expiresAt) {
        return "h."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                                """
                                {"sub":"4f1c","name":"Grace Hopper","roles":["operator"],"exp":%d}"""
                                        .formatted(expiresAt.getEpochSecond())
                                        .getBytes(StandardCharsets.UTF_8))
                + ".s";
    }

    @Test
    void loginStoresTheTokenForThisUserAlone() throws Exception {
        OperatorSession.delete(issuer());
        var token = token(Instant.now().plusSeconds(600));
        answers.put("/oauth2/token", "{\"access_token\":\"%s\"}".formatted(token));
        assertThat(execute("login", "--run", SELF)).isZero();
        assertThat(requests.getFirst()).contains("grant_type=client_credentials&scope=operations");
        assertThat(out.toString())
                .startsWith("Signed in as Grace Hopper (operator) until ")
                .doesNotContain(token)
                .hasLineCount(1);
        var session = OperatorSession.read(issuer()).orElseThrow();
        assertThat(session.token()).isEqualTo(token);
        try (var files = Files.list(UserFolder.state())) {
            assertThat(files.filter(file -> file.toString().endsWith(".token")))
                    .allSatisfy(
                            file ->
                                    assertThat(
                                                    PosixFilePermissions.toString(
                                                            Files.getPosixFilePermissions(file)))
                                            .isEqualTo("rw-------"));
        }
        assertThat(execute("whoami", "--run", SELF)).isZero();
        assertThat(out.toString()).contains("subject 4f1c").doesNotContain(token);
        assertThat(execute("whoami", "--token", "--run", SELF)).isZero();
        assertThat(out.toString()).contains(token);
        assertThat(execute("logout", "--run", SELF)).isZero();
        assertThat(OperatorSession.read(issuer())).isEmpty();
    }

    @Test
    void withoutASessionACommandSaysWhatToDo() {
        OperatorSession.delete(issuer());
        for (var command : List.of("dlq list", "whoami")) {
            err.getBuffer().setLength(0);
            assertThat(execute((command + " --run " + SELF).split(" "))).isEqualTo(2);
            assertThat(err.toString())
                    .isEqualToIgnoringNewLines(
                            "orderflow: you are not signed in; sign in with './orderflow login'");
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void theTokenOfTheEnvironmentIsASession() {
        var session = OperatorSession.ofEnvironment(" " + token(Instant.now()) + "\n");
        assertThat(session.name()).isEqualTo("Grace Hopper");
        assertThat(session.token()).doesNotContain(" ", "\n");
        assertThat(session.issuer().toString()).isEqualTo("environment:ORDERFLOW_OPERATOR_TOKEN");
    }

    @Test
    void anExpiredSessionIsReportedInOneLine() {
        signIn(Instant.now().minusSeconds(1));
        assertThat(execute("whoami", "--run", SELF)).isEqualTo(2);
        assertThat(err.toString())
                .contains("the session of Grace Hopper has expired")
                .hasLineCount(1);

        err.getBuffer().setLength(0);
        status = 401;
        answers.put("/internal/operations/dead-letters", "{\"title\":\"Invalid access token\"}");
        assertThat(execute("dlq", "list")).isEqualTo(2);
        assertThat(err.toString())
                .contains("your session has expired", "./orderflow login")
                .hasLineCount(1);
    }

    @Test
    void aRoleThatIsTooSmallIsNamedWithTheOwnOnes() {
        status = 403;
        answers.put(
                "/internal/operations/dead-letters",
                """
                {"type":"https://orderflow.dev/problems/operator-role-required",
                 "title":"Role of operator required","detail":"This needs the role approver."}""");
        assertThat(execute("dlq", "list")).isEqualTo(2);
        assertThat(err.toString())
                .contains(
                        "This needs the role approver. You are signed in as Grace Hopper (operator).")
                .hasLineCount(1);
    }

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
    void aDeadLetterSearchSaysWhichQueueCouldNotBeRead() {
        answers.put(
                "/internal/operations/dead-letters/messages",
                "{\"messages\":[],\"queues\":[{\"queue\":\"a-dlq\",\"problem\":\"SQS did not respond\"}]}");
        assertThat(execute("dlq", "search", "--reason", "no stock")).isEqualTo(1);
        assertThat(out.toString()).contains("a-dlq could not be read: SQS did not respond");
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

    private static Map<String, URI> services(URI url) {
        return Map.of(
                "payment-service", url,
                "inventory-service", url,
                "shipping-service", url,
                "notification-service", url,
                "analytics-service", url);
    }

    private static String redrive(String state, int held) {
        return "{\"redriveId\":\"42\",\"state\":\"%s\",\"action\":\"REDRIVE\",\"done\":3,\"skipped\":0,\"blocked\":%d,\"failed\":0}"
                .formatted(state, held);
    }

    @Test
    void theTokenCommandPrintsOnlyTheToken() {
        answers.put("/oauth2/token", "{\"access_token\":\"abc\",\"expires_in\":1}");
        assertThat(execute("token", "--customer", "ada")).isZero();
        assertThat(execute("token", "--operator", "ops")).isZero();
        assertThat(out.toString().lines()).containsExactly("abc", "abc");
    }

    @Test
    void aRejectedTokenRequestIsReportedInOneLine() {
        status = 401;
        answers.put("/oauth2/token", "{}");
        assertThat(execute("token", "--customer", "no name")).isEqualTo(2);
        assertThat(err.toString())
                .contains("the issuer rejects the token request for 'no name'")
                .hasLineCount(1);
    }

    private int execute(String... arguments) {
        var all =
                Stream.concat(
                                Stream.of(arguments),
                                arguments.length > 1 || arguments[0].equals("audit")
                                        ? Stream.of("--run", SELF)
                                        : Stream.of())
                        .toArray(String[]::new);
        if (List.of(arguments).contains("--run")) {
            all = arguments;
        }
        return OperationsCommands.addTo(new CommandLine(new TestRootCommand()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all);
    }

    private StubResponse respond(RecordedRequest request) {
        requests.add(
                request.header("Authorization")
                        + " "
                        + request.header("Idempotency-Key")
                        + " "
                        + request.body());
        var answer = answers.get(request.path());
        return answer == null
                ? new StubResponse(404, "{\"title\":\"Unknown\"}")
                : new StubResponse(status, answer);
    }
}
