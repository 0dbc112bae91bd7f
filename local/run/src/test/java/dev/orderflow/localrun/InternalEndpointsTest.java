package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.InternalAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestMapping;

/// `docs/security.md` and the declarations of the controllers agree.
class InternalEndpointsTest {

    @Test
    void theTableInTheDocumentationIsThatOfTheCode() throws IOException {
        var expected =
                InternalEndpoints.all().stream()
                        .map(
                                endpoint ->
                                        "| `%s` | %s | %s |"
                                                .formatted(
                                                        endpoint.name(),
                                                        endpoint.access().orElseThrow().machines()
                                                                ? "yes"
                                                                : "no",
                                                        endpoint.access()
                                                                .orElseThrow()
                                                                .role()
                                                                .map(OperatorRole::code)
                                                                .orElse("none")))
                        .toList();
        assertThat(expected).hasSizeGreaterThan(40);
        var documented =
                Files.readAllLines(Path.of("../../docs/security.md")).stream()
                        .filter(line -> line.matches("\\| `[A-Z]+ /internal/.*"))
                        .toList();
        assertThat(documented)
                .as("expected:\n%s", String.join("\n", expected))
                .containsExactlyElementsOf(expected);
    }

    /// Whoever only reads cannot do any harm with a stolen session.
    @Test
    void aViewerOnlyReads() {
        assertThat(InternalEndpoints.all())
                .filteredOn(
                        endpoint ->
                                endpoint.access()
                                        .flatMap(access -> access.role())
                                        .filter(OperatorRole.VIEWER::equals)
                                        .isPresent())
                .extracting(InternalEndpoints.InternalEndpoint::name)
                .allMatch(
                        name ->
                                name.startsWith("GET ")
                                        || name.equals("POST /internal/operations/audit"));
    }

    /// Each change that a person can request is in the audit trail: each service records the
    /// requests to it, with the action that the endpoint declares; operations-console records what
    /// it executes itself, and passes the rest on to a service. A new endpoint of
    /// operations-console belongs into one of the three lists when that is so.
    @Test
    void everyChangeByAPersonIsInTheAuditTrail() {
        var changes =
                InternalEndpoints.all().stream()
                        .filter(endpoint -> endpoint.access().orElseThrow().role().isPresent())
                        .filter(endpoint -> !endpoint.method().equals("GET"))
                        .toList();
        var ofTheConsole =
                changes.stream()
                        .filter(
                                endpoint ->
                                        endpoint.path()
                                                .getPatternString()
                                                .startsWith("/internal/operations/"))
                        .toList();
        assertThat(changes)
                .filteredOn(endpoint -> !ofTheConsole.contains(endpoint))
                .hasSizeGreaterThan(15)
                .allMatch(
                        endpoint -> endpoint.access().orElseThrow().action().isPresent(),
                        "declares its action");
        var recorded =
                Set.of(
                        "POST /internal/operations/customers/{}/erasure",
                        "PUT /internal/operations/dead-letter-groups/{}/note",
                        "POST /internal/operations/dead-letters/{}/discard",
                        "POST /internal/operations/dead-letters/{}/messages/{}/edit",
                        "POST /internal/operations/dead-letters/{}/redrive",
                        "POST /internal/operations/discarded-messages/{}/{}/restoration",
                        "POST /internal/operations/redrives/{}/cancel",
                        "POST /internal/operations/redrives/{}/pause",
                        "POST /internal/operations/redrives/{}/resume",
                        "POST /internal/operations/workflows/dismiss",
                        "POST /internal/operations/workflows/redrive");
        var passedOn =
                Set.of(
                        "POST /internal/operations/approvals/{}/decision",
                        "POST /internal/operations/orders/{}/cancellation");
        var reading = Set.of("POST /internal/operations/audit");
        assertThat(ofTheConsole)
                .extracting(InternalEndpoints.InternalEndpoint::name)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(recorded, passedOn, reading).flatMap(Set::stream).toList());
    }

    /// An endpoint that is also for machines has no operator in their requests.
    @Test
    void onlyEndpointsForPeopleAloneRequireAnOperatorInTheirParameters() {
        var controllers =
                InternalEndpoints.all().stream()
                        .map(InternalEndpoints.InternalEndpoint::controller)
                        .distinct()
                        .flatMap(controller -> Arrays.stream(controller.getDeclaredMethods()))
                        .filter(
                                method ->
                                        AnnotatedElementUtils.hasAnnotation(
                                                method, RequestMapping.class))
                        .filter(
                                method ->
                                        List.of(method.getParameterTypes())
                                                .contains(Operator.class))
                        .toList();
        assertThat(controllers)
                .isNotEmpty()
                .allMatch(
                        method ->
                                InternalAccess.of(method, method.getDeclaringClass())
                                        .filter(access -> !access.machines())
                                        .isPresent());
    }

    /// Each change of an order by a person is in the order's case file with the person: in a record
    /// of its own, or by [dev.orderflow.defaults.history.OperatorActionHistory]. A new endpoint
    /// belongs into one of both lists when that is so.
    @Test
    void everyChangeOfAnOrderByAPersonIsInTheCaseFileWithThePerson() {
        var inARecord =
                Set.of(
                        "POST /internal/approvals/{orderId}/decision",
                        "POST /internal/notifications/{orderId}/resolution",
                        "POST /internal/operations/approvals/{orderId}/decision",
                        "POST /internal/operations/orders/{orderId}/cancellation",
                        "POST /internal/orders/{orderId}/cancellation",
                        "POST /internal/payments/{orderId}/capture",
                        "POST /internal/payments/{orderId}/refund",
                        "POST /internal/payments/{orderId}/void");
        var amongRequests =
                Set.of(
                        "POST /internal/orders/{orderId}/workflow/start",
                        "POST /internal/outbox/parked/{orderId}/release",
                        "POST /internal/payments/{orderId}/gateway-state-adoption",
                        "POST /internal/reservations/{orderId}/release");
        assertThat(InternalEndpoints.all())
                .filteredOn(endpoint -> endpoint.access().orElseThrow().role().isPresent())
                .extracting(
                        endpoint -> endpoint.method() + " " + endpoint.path().getPatternString())
                .filteredOn(name -> !name.startsWith("GET ") && name.contains("{orderId}"))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(inARecord.stream(), amongRequests.stream()).toList());
    }
}
