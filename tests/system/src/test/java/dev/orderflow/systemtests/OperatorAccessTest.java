package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.localrun.InternalEndpoints;
import dev.orderflow.localrun.InternalEndpoints.InternalEndpoint;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// Who is admitted to the internal endpoints of the running services, and who is recorded.
@ResourceLock(RunningSystem.SHARED)
class OperatorAccessTest {

    private static final RunningSystem SYSTEM = RunningSystem.shared();
    private static final ShopClient SHOP = new ShopClient(SYSTEM);

    private static final Set<String> REFUSALS =
            Set.of(
                    "internal-api-key-required",
                    "operator-token-required",
                    "operator-token-invalid",
                    "operator-role-required",
                    "machines-only",
                    "two-credentials");

    /// The users of the development issuer, one for each role.
    private static String userOf(OperatorRole role) {
        return switch (role) {
            case VIEWER -> "vera";
            case OPERATOR -> "oskar";
            case APPROVER -> "anna";
            case ADMINISTRATOR -> "adam";
        };
    }

    static List<InternalEndpoint> endpoints() {
        return InternalEndpoints.all();
    }

    @ParameterizedTest
    @EnumSource(OperatorRole.class)
    void eachEndpointAdmitsExactlyTheDeclaredRoles(OperatorRole role) {
        var token = Map.of("Authorization", "Bearer " + SYSTEM.operatorToken(userOf(role)));
        for (var endpoint : endpoints()) {
            var required = endpoint.access().orElseThrow().role();
            var refusal = refusal(endpoint, token);
            assertThat(refusal)
                    .as("%s of %s", endpoint.name(), role)
                    .isEqualTo(
                            required.isEmpty()
                                    ? "machines-only"
                                    : role.includes(required.get())
                                            ? ""
                                            : "operator-role-required");
        }
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void theKeyOpensExactlyTheEndpointsForMachines(InternalEndpoint endpoint) {
        boolean machines = endpoint.access().orElseThrow().machines();
        assertThat(refusal(endpoint, Map.of("X-Api-Key", SYSTEM.internalApiKey())))
                .as(endpoint.name())
                .isEqualTo(machines ? "" : "operator-token-required");
        assertThat(refusal(endpoint, Map.of("X-Api-Key", "a-revoked-key-of-the-internal-api")))
                .as(endpoint.name())
                .isEqualTo(machines ? "internal-api-key-required" : "operator-token-required");
        assertThat(refusal(endpoint, Map.of()))
                .as(endpoint.name())
                .isEqualTo(machines ? "internal-api-key-required" : "operator-token-required");
    }

    @Test
    void tokensOfCustomersOpenNoInternalEndpointAndThoseOfOperatorsNoPublicOne() {
        for (var customer : List.of(SHOP.customer(), "operator-ops")) {
            var token = Map.of("Authorization", "Bearer " + SYSTEM.token(customer));
            for (var endpoint : endpoints()) {
                assertThat(refusal(endpoint, token))
                        .as(endpoint.name())
                        .isIn("machines-only", "operator-token-invalid");
            }
        }
        var operator = Map.of("Authorization", "Bearer " + SYSTEM.operatorToken("adam"));
        assertThat(SHOP.send("GET", SYSTEM.orders(), "/orders", operator, "").statusCode())
                .isEqualTo(401);
    }

    /// The name in a body is refused, and the verified person is recorded.
    @Test
    void anActionIsRecordedOfThePersonWhoseTokenWasVerified() {
        var unknown = UUID.randomUUID().toString();
        for (var field : List.of("by", "operator", "decidedBy")) {
            var answer =
                    SHOP.send(
                            "POST",
                            SYSTEM.ordersInside(),
                            "/internal/approvals/" + unknown + "/decision",
                            Map.of("Authorization", "Bearer " + SYSTEM.operatorToken("anna")),
                            "{\"decision\":\"APPROVE\",\"%s\":\"mallory\"}".formatted(field));
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("`%s` is not a known field".formatted(field));
        }
        // The status is stored after the response was sent.
        var recorded =
                """
                UPDATE operator_action SET path = path
                 WHERE path LIKE '%%%s%%' AND performed_by = 'anna'
                   AND performed_by_name = 'Anna Approver' AND response_status = 400
                """
                        .formatted(unknown);
        await().until(() -> SYSTEM.inOrdersDatabase(recorded) == 3);
    }

    /// The type of the refusal, or an empty string when the request was admitted.
    private static String refusal(InternalEndpoint endpoint, Map<String, String> credentials) {
        var path =
                endpoint.path()
                        .getPatternString()
                        .replaceAll("\\{[^}]*}", UUID.randomUUID().toString());
        var answer = SHOP.send(endpoint.method(), serviceOf(endpoint), path, credentials, "{}");
        if (!Stream.of(400, 401, 403).toList().contains(answer.statusCode())) {
            return "";
        }
        var type = JsonMapper.shared().readTree(answer.body()).path("type").asString("");
        var slug = type.substring(type.lastIndexOf('/') + 1);
        return REFUSALS.contains(slug) ? slug : "";
    }

    private static URI serviceOf(InternalEndpoint endpoint) {
        var service = endpoint.controller().getPackageName().split("\\.")[2];
        // Endpoints of service-defaults are in all services.
        return SYSTEM.internal(service.equals("defaults") ? "operations" : service);
    }
}
