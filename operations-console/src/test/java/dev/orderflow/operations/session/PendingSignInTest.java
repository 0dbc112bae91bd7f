package dev.orderflow.operations.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PendingSignInTest {

    @Test
    void aCookieHasTheWholeSignIn() {
        var signIn = new PendingSignIn("state", "nonce", "verifier", "/orders");
        assertThat(PendingSignIn.ofCookie(signIn.toCookie())).contains(signIn);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://evil.example/",
                "//evil.example/",
                "/\\evil.example/",
                "/login"
            })
    void aSignInReturnsToAPageOfThisServer(String returnTo) {
        var signIn = new PendingSignIn("state", "nonce", "verifier", returnTo);
        assertThat(signIn.returnTo()).isEqualTo("/");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "null",
                "{}",
                "[]",
                "7",
                "{\"state\":\"s\"}",
                "{\"state\":null,\"nonce\":\"n\",\"codeVerifier\":\"c\",\"returnTo\":\"/\"}",
                "{\"state\":{},\"nonce\":\"n\",\"codeVerifier\":\"c\",\"returnTo\":\"/\"}"
            })
    void anEditedCookieIsNoSignIn(String json) {
        var cookie =
                json == null
                        ? null
                        : Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(json.getBytes(StandardCharsets.UTF_8));
        assertThat(PendingSignIn.ofCookie(cookie)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "a b", "null", "====", "\u202e"})
    void whatIsNoBase64IsNoSignIn(String cookie) {
        assertThat(PendingSignIn.ofCookie(cookie)).isEmpty();
    }
}
