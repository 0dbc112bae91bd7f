package dev.orderflow.operations.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.SignInIssuerStub;
import dev.orderflow.operations.TestBrowser;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Renewals of tokens by parallel requests and instances, with an issuer that hangs or fails.
@OperationsConsoleFixture
class TokenRenewalTest {

    private static final String SESSION = "orderflow-session";

    /// It reads no other service.
    private static final String PAGE = "/theme?name=dark";

    private static final int OK = 303;

    /// More than the pool has connections.
    private static final int REQUESTS = 20;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final TestBrowser oskar;
    private final JdbcClient jdbc;
    private final int pages;

    @Autowired
    TokenRenewalTest(@Qualifier("pagesConnector") AdditionalConnector connector, JdbcClient jdbc) {
        this.pages = connector.port();
        this.oskar = new TestBrowser(pages);
        this.jdbc = jdbc;
    }

    @BeforeEach
    void signIn() {
        SignInIssuerStub.setAvailable(true);
        oskar.signIn("oskar", OperatorRole.OPERATOR);
    }

    @AfterEach
    void stop() {
        SignInIssuerStub.setAvailable(true);
        threads.close();
    }

    /// Ends the time during which no request calls an issuer that did not respond.
    static void endPause(JdbcClient jdbc) {
        jdbc.sql("UPDATE operator_session SET next_renewal_at = '-infinity'").update();
    }

    @Test
    void otherRequestsGoOnWithAValidTokenWhileOneWaitsForTheIssuer() {
        var before = expireAt(Instant.now().plusSeconds(50));
        int calls = SignInIssuerStub.renewalCalls();
        CompletableFuture<Integer> renewing;
        try (var held = SignInIssuerStub.hold()) {
            renewing = open();
            await().until(() -> held.count() > 0);
            assertThat(open(REQUESTS)).allSatisfy(other -> assertThat(other.join()).isEqualTo(OK));
            assertThat(held.count()).isEqualTo(1);
            assertThat(tokens()).isEqualTo(before);
        }
        assertThat(renewing.join()).isEqualTo(OK);
        assertThat(SignInIssuerStub.renewalCalls()).isEqualTo(calls + 1);
        assertThat(tokens().refreshToken()).isNotEqualTo(before.refreshToken());
    }

    @Test
    void requestsWithAnExpiredTokenWaitForTheOneThatRenewsItWithoutConnections() {
        var vera = new TestBrowser(pages).signIn("vera", OperatorRole.VIEWER);
        expireAt(Instant.EPOCH);
        int calls = SignInIssuerStub.renewalCalls();
        List<CompletableFuture<Integer>> waiting;
        try (var held = SignInIssuerStub.hold()) {
            waiting = open(REQUESTS);
            await().until(() -> held.count() > 0);
            assertThat(vera.get(PAGE).statusCode()).isEqualTo(OK);
        }
        assertThat(waiting).allSatisfy(request -> assertThat(request.join()).isEqualTo(OK));
        assertThat(SignInIssuerStub.renewalCalls()).isEqualTo(calls + 1);

        // The issuer accepts the refresh token that is stored, and no other.
        expireAt(Instant.EPOCH);
        assertThat(oskar.get(PAGE).statusCode()).isEqualTo(OK);
        assertThat(SignInIssuerStub.renewalCalls()).isEqualTo(calls + 2);
    }

    @Test
    void anIssuerThatDidNotRespondIsNotCalledByEachRequest() {
        expireAt(Instant.now().plusSeconds(50));
        SignInIssuerStub.setAvailable(false);
        int calls = SignInIssuerStub.renewalCalls();
        assertThat(oskar.get(PAGE).statusCode()).isEqualTo(OK);
        assertThat(oskar.get(PAGE).statusCode()).isEqualTo(OK);
        assertThat(SignInIssuerStub.renewalCalls()).isEqualTo(calls + 1);

        endPause(jdbc);
        expireAt(Instant.EPOCH);
        assertThat(oskar.get(PAGE).statusCode()).isEqualTo(503);
        assertThat(oskar.get(PAGE).statusCode()).isEqualTo(503);
        assertThat(SignInIssuerStub.renewalCalls()).isEqualTo(calls + 2);

        SignInIssuerStub.setAvailable(true);
        endPause(jdbc);
        assertThat(oskar.get(PAGE).statusCode()).isEqualTo(OK);
    }

    @Test
    void aRequestTakesTheTokensThatAnotherInstanceRenews() {
        var before = expireAt(Instant.EPOCH);
        leaseFor("1 hour");
        int calls = SignInIssuerStub.renewalCalls();
        var waiting = open();
        store(new SessionTokens(before.accessToken(), "another", Instant.now().plusSeconds(900)));
        assertThat(waiting.join()).isEqualTo(OK);
        assertThat(SignInIssuerStub.renewalCalls()).isEqualTo(calls);
    }

    @Test
    void aRenewalOfAnInstanceThatStoppedIsRepeatedAfterItsLease() {
        expireAt(Instant.EPOCH);
        leaseFor("1 second");
        assertThat(oskar.get(PAGE).statusCode()).isEqualTo(OK);
    }

    /// Another request used the refresh token meanwhile, because this one took too long.
    @Test
    void aRefusedRequestTakesTheTokensThatAnotherOneHasRenewed() {
        var before = expireAt(Instant.EPOCH);
        SignInIssuerStub.revokeAll();
        CompletableFuture<Integer> refused;
        try (var held = SignInIssuerStub.hold()) {
            refused = open();
            await().until(() -> held.count() > 0);
            store(
                    new SessionTokens(
                            before.accessToken(), "another", Instant.now().plusSeconds(900)));
        }
        assertThat(refused.join()).isEqualTo(OK);
        assertThat(tokens().refreshToken()).isEqualTo("another");
    }

    /// Opens a page with the session of this test.
    private CompletableFuture<Integer> open() {
        var window = new TestBrowser(pages);
        window.cookies().putAll(oskar.cookies());
        return CompletableFuture.supplyAsync(() -> window.get(PAGE).statusCode(), threads);
    }

    private List<CompletableFuture<Integer>> open(int times) {
        return Stream.generate(this::open).limit(times).toList();
    }

    private SessionSecret secret() {
        return SessionSecret.parse(oskar.cookies().get(SESSION).split(";", 2)[0]).orElseThrow();
    }

    private SessionTokens tokens() {
        var secret = secret();
        return SessionTokens.ofJson(
                secret.decrypt(
                        jdbc.sql("SELECT tokens FROM operator_session WHERE id = :id")
                                .param("id", secret.id())
                                .query((row, _) -> row.getBytes(1))
                                .single()));
    }

    private void store(SessionTokens tokens) {
        var secret = secret();
        jdbc.sql("UPDATE operator_session SET tokens = :tokens WHERE id = :id")
                .param("id", secret.id())
                .param("tokens", secret.encrypt(tokens.toJson()))
                .update();
    }

    private SessionTokens expireAt(Instant end) {
        var tokens = tokens();
        var expiring = new SessionTokens(tokens.accessToken(), tokens.refreshToken(), end);
        store(expiring);
        return expiring;
    }

    private void leaseFor(String interval) {
        jdbc.sql(
                        """
                        UPDATE operator_session
                           SET renewal_lease_expires_at = now() + :interval::interval WHERE id = :id
                        """)
                .param("id", secret().id())
                .param("interval", interval)
                .update();
    }
}
