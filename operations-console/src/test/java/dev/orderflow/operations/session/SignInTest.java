package dev.orderflow.operations.session;

import static dev.orderflow.operations.TestBrowser.location;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.TestOperators;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.operations.ConsoleApi;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.SignInIssuerStub;
import dev.orderflow.operations.TestBrowser;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletResponse;

@OperationsConsoleFixture
class SignInTest {

    private static final String SESSION = "orderflow-session";

    private final TestBrowser browser;
    private final JdbcClient jdbc;
    private final ConsoleApi api;
    private final int pages;

    @Autowired
    SignInTest(
            @Qualifier("pagesConnector") AdditionalConnector connector,
            @LocalServerPort int port,
            JdbcClient jdbc) {
        this.pages = connector.port();
        this.browser = new TestBrowser(pages);
        this.api = new ConsoleApi(port);
        this.jdbc = jdbc;
    }

    @BeforeEach
    void theIssuerIsAvailable() {
        SignInIssuerStub.setAvailable(true);
    }

    @Test
    void aPageWithoutASessionLeadsToTheIssuerAndBackToThePage() {
        var refused = browser.get("/theme?name=dark");
        assertThat(refused.statusCode()).isEqualTo(303);
        assertThat(location(refused)).isEqualTo("/login?to=%2Ftheme%3Fname%3Ddark");
        var request = browser.beginSignIn(location(refused));
        assertThat(request)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "operations-console")
                .containsEntry("redirect_uri", "http://console.example/login/oauth2/code/operators")
                .containsEntry("code_challenge_method", "S256")
                .containsEntry("scope", "openid operations")
                .containsKeys("state", "nonce", "code_challenge");
        var code =
                SignInIssuerStub.grant(
                        request, "vera", Duration.ofMinutes(15), OperatorRole.VIEWER);
        var back = browser.returnFromIssuer(request, code);
        assertThat(back.statusCode()).isEqualTo(200);
        assertThat(back.body())
                .contains("<meta http-equiv=\"refresh\" content=\"0; url=/theme?name=dark\">");
        assertThat(browser.read("/")).contains("Vera", "viewer");
    }

    @Test
    void theSessionCookieIsForThisServerAloneAndTheOneOfASignInSurvivesTheWayBack() {
        var request = browser.beginSignIn("/login");
        assertThat(browser.cookies()).hasSize(1);
        assertThat(browser.cookies().values().iterator().next())
                .contains("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600");
        browser.returnFromIssuer(
                request,
                SignInIssuerStub.grant(
                        request, "vera", Duration.ofMinutes(15), OperatorRole.VIEWER));
        assertThat(browser.cookies()).containsOnlyKeys(SESSION);
        assertThat(browser.cookies().get(SESSION)).contains("HttpOnly", "SameSite=Strict");
    }

    @Test
    void overTlsTheCookiesAreSecureAndOfThisHostAlone() {
        var response = new MockHttpServletResponse();
        new SessionCookies(true, Duration.ofHours(8))
                .setSession(response, SessionSecret.generate());
        assertThat(response.getHeader("Set-Cookie"))
                .startsWith("__Host-orderflow-session=")
                .contains("Secure", "HttpOnly", "SameSite=Strict", "Path=/")
                .doesNotContain("Domain");
    }

    @Test
    void eachSignInHasASessionOfItsOwnAndAnAuthorizationCodeWorksOnce() {
        var request = browser.beginSignIn("/login");
        var code =
                SignInIssuerStub.grant(
                        request, "vera", Duration.ofMinutes(15), OperatorRole.VIEWER);
        browser.returnFromIssuer(request, code);
        var first = browser.cookies().get(SESSION);
        var again = browser.returnFromIssuer(request, code);
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).contains("was started in another browser");

        browser.signIn("vera", OperatorRole.VIEWER);
        assertThat(browser.cookies().get(SESSION)).isNotEqualTo(first);
        browser.cookies().put(SESSION, first);
        assertThat(browser.get("/").statusCode()).isEqualTo(401);
    }

    @Test
    void aSignInThatAnotherBrowserBeganIsNotCompleted() {
        var request = new TestBrowser(pages).beginSignIn("/login");
        var code =
                SignInIssuerStub.grant(
                        request, "mallory", Duration.ofMinutes(15), OperatorRole.ADMINISTRATOR);
        var refused = browser.returnFromIssuer(request, code);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(browser.cookies()).doesNotContainKey(SESSION);
    }

    @Test
    void aTokenOfAnotherSignInIsNotAccepted() {
        var request = browser.beginSignIn("/login");
        var other = new HashMap<>(request);
        other.put("nonce", "another");
        var refused =
                browser.returnFromIssuer(
                        request,
                        SignInIssuerStub.grant(
                                other, "vera", Duration.ofMinutes(15), OperatorRole.VIEWER));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(browser.cookies()).doesNotContainKey(SESSION);
    }

    @ParameterizedTest
    @MethodSource("wrongIdTokens")
    void anIdTokenThatIsNotOfTheIssuerForThisClientIsNotAccepted(Map<String, Object> claims) {
        var request = browser.beginSignIn("/login");
        var refused =
                browser.returnFromIssuer(
                        request,
                        SignInIssuerStub.grantWithIdToken(
                                request, "vera", claims, OperatorRole.VIEWER));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
        assertThat(refused.body()).contains("did not confirm this sign-in");
        assertThat(browser.cookies()).doesNotContainKey(SESSION);
    }

    static Stream<Map<String, Object>> wrongIdTokens() {
        return Stream.of(
                Map.of("iss", "https://another.example"),
                Map.of("iss", "operators"),
                Map.of("iss", "operators.example/pool"),
                Map.of("iss", ""),
                Map.of("iss", 7),
                Map.of("iss", Optional.empty()),
                Map.of("sub", Optional.empty()),
                Map.of("aud", "another-client"),
                Map.of("aud", Map.of()),
                Map.of("azp", "another-client"),
                Map.of("azp", List.of()),
                Map.of("exp", 1),
                Map.of("exp", "tomorrow"),
                Map.of("exp", Optional.empty()),
                Map.of("iat", 4_102_444_800L),
                Map.of("iat", Optional.empty()),
                Map.of("nonce", 7));
    }

    /// The browser of a person may send any cookie.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'state':'%s'}",
                "{'state':'%s','nonce':null,'codeVerifier':null,'returnTo':null}",
                "{'state':'%s','nonce':'','codeVerifier':'','returnTo':''}",
                "{'state':'%s','nonce':'\\u0000\\ud800','codeVerifier':'\\u0000\\ud800','returnTo':'/'}",
                "{'state':'%s','nonce':7,'codeVerifier':true,'returnTo':'/'}",
                "{'state':'%s','nonce':['n'],'codeVerifier':{},'returnTo':'/'}",
                "{'state':'%s','nonce':'n','codeVerifier':'v','returnTo':'//evil.example/'}",
                "{'state':'%s'",
                "[[[[[[[[",
                "null",
                ""
            })
    void aForgedSignInIsNotCompleted(String json) {
        var request = browser.beginSignIn("/login");
        var code =
                SignInIssuerStub.grant(
                        request, "vera", Duration.ofMinutes(15), OperatorRole.VIEWER);
        var name = browser.cookies().keySet().iterator().next();
        var forged = json.formatted(request.get("state")).replace('\'', '"');
        browser.cookies()
                .put(
                        name,
                        Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(forged.getBytes(StandardCharsets.UTF_8)));
        var refused = browser.returnFromIssuer(request, code);
        assertThat(refused.statusCode()).as(refused.body()).isIn(400, 403);
        assertThat(refused.body()).contains("You are not signed in");
        assertThat(browser.cookies()).doesNotContainKey(SESSION);
    }

    /// Whatever follows the name of a cookie, and however often it comes.
    @ParameterizedTest
    @ValueSource(
            strings = {"%s", "%s=", "%s=\"", "%s=a=b", "%s; %<s", "%s=\"\\", "=; %s=,", "$%s=1"})
    void aCookieWithoutAReadableValueIsNoSession(String cookie) {
        assertThat(browser.get("/", "Cookie", cookie.formatted(SESSION)).statusCode())
                .isIn(303, 401);
        var back =
                browser.get(
                        "/login/oauth2/code/operators?state=abcdefghi&code=c",
                        "Cookie",
                        cookie.formatted("orderflow-sign-in-abcdefgh"));
        assertThat(back.statusCode()).as(back.body()).isEqualTo(400);
    }

    @Test
    void aPersonWhomTheIssuerRefusesReadsThat() {
        var request = browser.beginSignIn("/login");
        var refused =
                browser.get(
                        "/login/oauth2/code/operators?error=access_denied&state="
                                + request.get("state"));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("You are not signed in", "href=\"/login\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/",
                "//evil.example/",
                "/\\evil.example/",
                "javascript:alert(1)",
                "/login",
                "",
                "/a\nb"
            })
    void aSignInReturnsToPagesOfThisServerOnly(String link) {
        var back =
                browser.signIn(
                        "/login?to=" + URLEncoder.encode(link, StandardCharsets.UTF_8),
                        "vera",
                        Duration.ofMinutes(15),
                        OperatorRole.VIEWER);
        assertThat(back.body()).contains("content=\"0; url=/\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "x",
                "%00",
                "../../etc/passwd",
                "' OR 1=1 --"
            })
    void aForgedSessionIsEndedWithAPageThatSaysSo(String cookie) {
        browser.cookies().put(SESSION, cookie.replace(" ", "_"));
        var refused = browser.get("/work-items");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body())
                .contains("Your session has ended", "href=\"/login?to=%2Fwork-items\"");
        assertThat(browser.cookies()).doesNotContainKey(SESSION);
    }

    @Test
    void anExpiredSessionIsEndedAndNothingIsDone() {
        browser.signIn("oskar", OperatorRole.OPERATOR);
        var csrf = browser.csrf();
        jdbc.sql("UPDATE operator_session SET last_used_at = now() - interval '2 hours'").update();
        var refused = browser.postForm("/logout", Map.of("csrf", csrf));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("Nothing was done");
        assertThat(browser.get("/").statusCode()).isEqualTo(303);
    }

    @Test
    void aSessionEndsAfterItsLifetimeHoweverMuchItIsUsed() {
        browser.signIn("oskar", OperatorRole.OPERATOR);
        jdbc.sql("UPDATE operator_session SET expires_at = now() - interval '1 second'").update();
        assertThat(browser.get("/").statusCode()).isEqualTo(401);
    }

    @Test
    void tokensAreRenewedBeforeTheyExpire() {
        browser.signIn("/login", "oskar", Duration.ofSeconds(30), OperatorRole.OPERATOR);
        var before = tokens();
        assertThat(browser.read("/")).contains("Oskar");
        assertThat(tokens()).isNotEqualTo(before);
        var after = tokens();
        browser.read("/");
        assertThat(tokens()).isEqualTo(after);
    }

    @Test
    void aSessionEndsWhenTheIssuerRenewsItsTokensNoMore() {
        browser.signIn("/login", "oskar", Duration.ofSeconds(1), OperatorRole.OPERATOR);
        SignInIssuerStub.revokeAll();
        await().until(() -> browser.get("/").statusCode() == 401);
        assertThat(jdbc.sql("SELECT count(*) FROM operator_session").query(Long.class).single())
                .isZero();
    }

    @Test
    void whileTheIssuerDoesNotRespondASessionGoesOnAsLongAsItsTokenIsValid() {
        browser.signIn("/login", "oskar", Duration.ofSeconds(50), OperatorRole.OPERATOR);
        SignInIssuerStub.setAvailable(false);
        assertThat(browser.read("/")).contains("Oskar");
        SignInIssuerStub.setAvailable(true);
        browser.signIn("/login", "oskar", Duration.ofSeconds(1), OperatorRole.OPERATOR);
        SignInIssuerStub.setAvailable(false);
        var refused = await().until(() -> browser.get("/"), page -> page.statusCode() == 503);
        assertThat(refused.body()).contains("The issuer does not respond");
        SignInIssuerStub.setAvailable(true);
        TokenRenewalTest.endPause(jdbc);
        assertThat(browser.read("/")).contains("Oskar");
    }

    private byte[] tokens() {
        return jdbc.sql("SELECT tokens FROM operator_session ORDER BY signed_in_at DESC LIMIT 1")
                .query((row, _) -> row.getBytes(1))
                .single();
    }

    @Test
    void theDatabaseHoldsNeitherTheCookieNorAReadableToken() {
        browser.signIn("vera", OperatorRole.VIEWER);
        var cookie = browser.cookies().get(SESSION).split(";", 2)[0];
        var row =
                jdbc.sql(
                                """
                                SELECT id || encode(tokens, 'escape') FROM operator_session
                                 ORDER BY signed_in_at DESC LIMIT 1
                                """)
                        .query(String.class)
                        .single();
        assertThat(row).doesNotContain(cookie, "accessToken", "eyJ");
        // Not even with the id of another session.
        assertThat(SessionSecret.parse(row.substring(0, 43))).isPresent();
        browser.cookies().put(SESSION, row.substring(0, 43));
        assertThat(browser.get("/").statusCode()).isEqualTo(401);
    }

    @Test
    void aRequestThatChangesSomethingNeedsTheCsrfTokenOfItsOwnSession() {
        browser.signIn("oskar", OperatorRole.OPERATOR);
        var other = new TestBrowser(pages).signIn("anna", OperatorRole.APPROVER).csrf();
        for (var token : List.of("", "forged", other)) {
            var refused = browser.postForm("/logout", Map.of("csrf", token));
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("Nothing was done");
        }
        assertThat(
                        browser.postForm(
                                        "/logout",
                                        Map.of("csrf", browser.csrf()),
                                        "Sec-Fetch-Site",
                                        "cross-site")
                                .statusCode())
                .isEqualTo(403);
        assertThat(browser.read("/")).contains("Oskar");
    }

    @Test
    void signingOutEndsTheSessionAtTheServer() {
        browser.signIn("oskar", OperatorRole.OPERATOR);
        var cookie = browser.cookies().get(SESSION);
        var signedOut = browser.post("/logout", Map.of());
        assertThat(signedOut.statusCode()).isEqualTo(303);
        assertThat(browser.read(location(signedOut))).contains("Signed out", "Sign in again");
        browser.cookies().put(SESSION, cookie);
        assertThat(browser.get("/").statusCode()).isEqualTo(401);
    }

    @Test
    void aSessionThatCannotBeReadIsAnsweredWithAPage() {
        browser.signIn("vera", OperatorRole.VIEWER);
        jdbc.sql("ALTER TABLE operator_session RENAME TO operator_session_away").update();
        try {
            var refused = browser.get("/");
            assertThat(refused.statusCode()).isEqualTo(500);
            assertThat(refused.body())
                    .contains("Internal error")
                    .doesNotContain("operator_session");
        } finally {
            jdbc.sql("ALTER TABLE operator_session_away RENAME TO operator_session").update();
        }
        assertThat(browser.read("/")).contains("Vera");
    }

    @Test
    void aPersonWithoutARoleReadsWhichOneIsMissing() {
        browser.signIn("nora");
        var refused = browser.get("/");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("Your role does not permit this", "the role viewer");
    }

    @Test
    void aLinkOfAnotherSiteIsFollowedWithTheSession() {
        browser.signIn("vera", OperatorRole.VIEWER);
        var kept = browser.cookies().remove(SESSION);
        var hop = browser.get("/work-items?kind=STUCK", "Sec-Fetch-Site", "cross-site");
        assertThat(hop.statusCode()).isEqualTo(200);
        assertThat(hop.body()).contains("content=\"0; url=/work-items?kind=STUCK\"");
        browser.cookies().put(SESSION, kept);
        assertThat(browser.get("/", "Sec-Fetch-Site", "same-origin").statusCode()).isEqualTo(200);
    }

    @Test
    void thePagesHaveTheirOwnPortAndTheInternalApiHasNone() {
        browser.signIn("adam", OperatorRole.ADMINISTRATOR);
        for (var path :
                List.of(
                        "/internal/operations/redrives",
                        "//internal/operations/redrives",
                        "/%69nternal/operations/redrives",
                        "/internal;x/operations/redrives",
                        "/swagger-ui.html",
                        "/error",
                        "/nowhere")) {
            var refused = browser.get(path);
            assertThat(refused.statusCode()).as(path).isIn(400, 404);
            assertThat(refused.body()).as(path).doesNotContain("redrives\":");
        }
        assertThat(browser.get("/nowhere").body()).contains("Page not found");
        assertThat(browser.get("/v3/api-docs").statusCode()).isEqualTo(404);
        for (var path : List.of("/../../", "/../../login", "/../../assets/console.css")) {
            assertThat(api.send("GET", path, "").statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void aTokenOrKeyOfAnotherKindOpensNoPage() {
        assertThat(browser.get("/", "X-Api-Key", "test-internal-api-key").statusCode())
                .isEqualTo(303);
        assertThat(browser.get("/", "Authorization", TestOperators.administrator()).statusCode())
                .isEqualTo(303);
    }

    @Test
    void everyResponseHasTheContentSecurityPolicy() {
        browser.signIn("vera", OperatorRole.VIEWER);
        for (var path : List.of("/", "/nowhere", "/login", "/signed-out", "/assets/console.css")) {
            var headers = browser.get(path).headers();
            assertThat(headers.firstValue("Content-Security-Policy"))
                    .as(path)
                    .contains(
                            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
            assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
        }
        assertThat(browser.get("/").headers().firstValue("Cache-Control")).contains("no-store");
    }
}
