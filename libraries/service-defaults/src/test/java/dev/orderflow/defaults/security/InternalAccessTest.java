package dev.orderflow.defaults.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.orderflow.defaults.fixture.IssuerStub;
import dev.orderflow.defaults.fixture.TestOperators;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;

/// Who is admitted to which endpoint.
class InternalAccessTest {

    private static final String KEY = "the-internal-key-of-a-test";

    @RestController
    @ForMachines
    static class DeclaredController {

        @GetMapping("/internal/machines")
        String machines() {
            return "machine";
        }

        @ForMachines
        @ForOperators(OperatorRole.VIEWER)
        @GetMapping("/internal/both")
        String both(Optional<Operator> operator) {
            return operator.map(Operator::subject).orElse("machine");
        }

        @ForOperators(OperatorRole.VIEWER)
        @GetMapping("/internal/viewer")
        String viewer(Operator operator) {
            return operator.toString();
        }

        @ForOperators(OperatorRole.OPERATOR)
        @GetMapping("/internal/operator")
        String operator(Operator operator) {
            return operator.subject();
        }

        @ForOperators(OperatorRole.APPROVER)
        @GetMapping("/internal/approver")
        String approver(Operator operator) {
            return operator.subject();
        }

        @ForOperators(OperatorRole.ADMINISTRATOR)
        @GetMapping("/internal/administrator")
        String administrator(Operator operator) {
            return operator.subject();
        }
    }

    @RestController
    static class UndeclaredController {

        @GetMapping("/internal/undeclared")
        String undeclared() {
            return "anyone";
        }
    }

    private static final WebApplicationContextRunner SERVICE =
            new WebApplicationContextRunner()
                    .withConfiguration(
                            AutoConfigurations.of(
                                    DispatcherServletAutoConfiguration.class,
                                    WebMvcAutoConfiguration.class,
                                    SecurityAutoConfiguration.class))
                    .withPropertyValues("orderflow.internal-api.keys[0]=" + KEY)
                    .withPropertyValues(TestOperators.settings());

    private static MvcTestResult get(String path, String... headers) {
        return get(SERVICE, path, headers);
    }

    private static MvcTestResult get(
            WebApplicationContextRunner service, String path, String... headers) {
        var answer = new MvcTestResult[1];
        service.withUserConfiguration(DeclaredController.class)
                .run(context -> answer[0] = get(context, path, headers));
        return answer[0];
    }

    private static MvcTestResult get(
            WebApplicationContext context, String path, String... headers) {
        var request = MockMvcTester.from(context).get().uri(path);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.exchange();
    }

    private static String bearer(String token) {
        return "Bearer " + token;
    }

    private static void assertRefused(MvcTestResult answer, int status, String type) {
        assertThat(answer).hasStatus(status);
        var problem = (ErrorResponseException) answer.getMvcResult().getResolvedException();
        assertThat(problem.getBody().getType().toString()).endsWith("/" + type);
    }

    @Test
    void aServiceWithAnUndeclaredEndpointDoesNotStart() {
        SERVICE.withUserConfiguration(UndeclaredController.class)
                .run(
                        context ->
                                assertThat(context)
                                        .getFailure()
                                        .hasMessageContaining("@ForMachines or @ForOperators")
                                        .hasMessageContaining("/internal/undeclared"));
    }

    @ParameterizedTest
    @EnumSource(OperatorRole.class)
    void eachRoleOpensItsOwnEndpointsAndThoseOfTheRolesItIncludes(OperatorRole role) {
        SERVICE.withUserConfiguration(DeclaredController.class)
                .run(
                        context -> {
                            for (var required : OperatorRole.values()) {
                                var answer =
                                        get(
                                                context,
                                                "/internal/" + required.code(),
                                                "Authorization",
                                                bearer(TestOperators.token("eve", role)));
                                if (role.includes(required)) {
                                    assertThat(answer).hasStatusOk();
                                } else {
                                    assertRefused(answer, 403, "operator-role-required");
                                    assertThat(answer.getMvcResult().getResolvedException())
                                            .hasMessageContaining(required.code());
                                }
                            }
                        });
    }

    @Test
    void aControllerGetsTheVerifiedSubjectAndName() {
        assertThat(
                        get(
                                "/internal/viewer",
                                "Authorization",
                                bearer(TestOperators.token("vera", OperatorRole.VIEWER))))
                .bodyText()
                .isEqualTo("Vera (vera)");
    }

    @Test
    void aPersonWithoutARoleIsVerifiedAndRefused() {
        assertRefused(
                get("/internal/viewer", "Authorization", bearer(TestOperators.token("eve"))),
                403,
                "operator-role-required");
    }

    @Test
    void machinesAndPeopleUseTheirOwnCredentialsWhereBothAreAdmitted() {
        assertThat(get("/internal/both", "X-Api-Key", KEY)).bodyText().isEqualTo("machine");
        assertThat(
                        get(
                                "/internal/both",
                                "Authorization",
                                bearer(TestOperators.token("vera", OperatorRole.VIEWER))))
                .bodyText()
                .isEqualTo("vera");
        assertRefused(get("/internal/both"), 403, "internal-api-key-required");
    }

    @Test
    void aKeyOpensNoEndpointForPeople() {
        assertRefused(get("/internal/viewer", "X-Api-Key", KEY), 403, "operator-token-required");
    }

    @Test
    void aTokenOpensNoEndpointForMachines() {
        assertRefused(
                get("/internal/machines", "Authorization", TestOperators.administrator()),
                403,
                "machines-only");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/internal/machines", "/internal/both", "/internal/viewer"})
    void aKeyAndATokenTogetherAreRefused(String path) {
        assertRefused(
                get(path, "X-Api-Key", KEY, "Authorization", TestOperators.administrator()),
                400,
                "two-credentials");
    }

    @Test
    void withoutCredentialsAnEndpointForPeopleAsksForAToken() {
        var answer = get("/internal/viewer");
        assertRefused(answer, 401, "operator-token-required");
        assertThat(answer).headers().containsHeader(HttpHeaders.WWW_AUTHENTICATE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a-revoked-internal-api-key", ""})
    void aRevokedKeyIsRefused(String key) {
        assertRefused(get("/internal/both", "X-Api-Key", key), 403, "internal-api-key-required");
    }

    private static JWTClaimsSet.Builder claims() {
        return TestOperators.issuer()
                .claims("eve", TestOperators.AUDIENCE)
                .claim("roles", List.of("administrator"));
    }

    private static Date secondsFromNow(int seconds) {
        return Date.from(Instant.now().plusSeconds(seconds));
    }

    private static JWSHeader.Builder header() {
        return new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(TestOperators.issuer().key().getKeyID());
    }

    static final List<String> BAD_TOKENS =
            Stream.of(
                            Stream.of("", "x", "a.b.c"),
                            // Unsigned, and signed with keys of others.
                            Stream.of(
                                    new PlainJWT(claims().build()).serialize(),
                                    IssuerStub.sign(
                                            header().build(),
                                            claims().build(),
                                            IssuerStub.newKey()),
                                    forged(TestOperators.issuer().sign(claims().build()))),
                            // An algorithm that is not accepted, and another type.
                            Stream.of(
                                    IssuerStub.sign(
                                            new JWSHeader.Builder(JWSAlgorithm.RS512)
                                                    .keyID(TestOperators.issuer().key().getKeyID())
                                                    .build(),
                                            claims().build(),
                                            TestOperators.issuer().key()),
                                    IssuerStub.sign(
                                            header().type(new JOSEObjectType("logout+jwt")).build(),
                                            claims().build(),
                                            TestOperators.issuer().key())),
                            Stream.of(
                                            claims().issuer("https://issuer.example"),
                                            // A customer's token of the same issuer.
                                            claims().audience("orderflow"),
                                            claims().audience((String) null),
                                            claims().claim("token_use", "id"),
                                            claims().expirationTime(secondsFromNow(-60)),
                                            claims().expirationTime(null),
                                            claims().notBeforeTime(secondsFromNow(600)),
                                            claims().subject(null),
                                            claims().subject("two words"),
                                            claims().subject("x".repeat(101)))
                                    .map(JWTClaimsSet.Builder::build)
                                    .map(TestOperators.issuer()::sign))
                    .flatMap(tokens -> tokens)
                    .toList();

    /// The same claims with another last character of the signature's first half.
    private static String forged(String token) {
        int middle = token.lastIndexOf('.') + 10;
        return token.substring(0, middle)
                + (token.charAt(middle) == 'A' ? 'B' : 'A')
                + token.substring(middle + 1);
    }

    @ParameterizedTest
    @FieldSource("BAD_TOKENS")
    void anInvalidTokenIsAnsweredWith401WithoutTheReason(String token) {
        for (var path : List.of("/internal/administrator", "/internal/both")) {
            var answer = get(path, "Authorization", bearer(token));
            assertRefused(answer, 401, "operator-token-invalid");
            assertThat(answer).headers().containsHeader(HttpHeaders.WWW_AUTHENTICATE);
        }
    }

    @Test
    void whileTheIssuerIsNotAvailableTheServiceStartsAndAnswers503() {
        try (var issuer = new IssuerStub()) {
            issuer.setAvailable(false);
            var token =
                    issuer.sign(
                            issuer.claims("vera", TestOperators.AUDIENCE)
                                    .claim("roles", List.of("viewer"))
                                    .build());
            SERVICE.withPropertyValues("orderflow.operators.tokens.issuer=" + issuer.url())
                    .withUserConfiguration(DeclaredController.class)
                    .run(
                            context -> {
                                var answer =
                                        get(
                                                context,
                                                "/internal/viewer",
                                                "Authorization",
                                                bearer(token));
                                assertRefused(answer, 503, "temporarily-unavailable");
                                assertThat(answer)
                                        .headers()
                                        .containsHeader(HttpHeaders.RETRY_AFTER);
                                assertThat(get(context, "/internal/machines", "X-Api-Key", KEY))
                                        .hasStatusOk();

                                issuer.setAvailable(true);
                                assertThat(
                                                get(
                                                        context,
                                                        "/internal/viewer",
                                                        "Authorization",
                                                        bearer(token)))
                                        .hasStatusOk();

                                // The keys are known now.
                                issuer.setAvailable(false);
                                assertThat(
                                                get(
                                                        context,
                                                        "/internal/viewer",
                                                        "Authorization",
                                                        bearer(token)))
                                        .hasStatusOk();
                            });
        }
    }

    @Test
    void rolesAndNameAreReadFromTheClaimsOfCognito() {
        var service =
                SERVICE.withPropertyValues(
                        "orderflow.operators.tokens.audience-claim=client_id",
                        "orderflow.operators.tokens.roles-claim=cognito:groups",
                        "orderflow.operators.tokens.name-claim=username");
        var token =
                TestOperators.issuer()
                        .sign(
                                TestOperators.issuer()
                                        .claims("4f1c", "unused")
                                        .audience((String) null)
                                        .claim("client_id", TestOperators.AUDIENCE)
                                        .claim("token_use", "access")
                                        .claim("username", "vera@example.org")
                                        .claim("cognito:groups", List.of("others", "viewer"))
                                        .build());
        assertThat(get(service, "/internal/viewer", "Authorization", bearer(token)))
                .bodyText()
                .isEqualTo("vera@example.org (4f1c)");
    }
}
