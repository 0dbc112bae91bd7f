package dev.orderflow.operations.session;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A sign-in between the redirection to the issuer and the redirection back, which the browser
/// keeps in a cookie. Its values are secret to others and not to that browser.
///
/// @param state compares the request back with this sign-in
/// @param nonce compares the ID token with it
/// @param codeVerifier the secret of PKCE ([RFC 7636](https://www.rfc-editor.org/rfc/rfc7636))
/// @param returnTo the page of this server to show afterwards; `/` in place of any other address
record PendingSignIn(String state, String nonce, String codeVerifier, String returnTo) {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MAX_COOKIE = 3_000;

    /// @throws NullPointerException when a cookie lacks a value
    PendingSignIn {
        Objects.requireNonNull(state);
        Objects.requireNonNull(nonce);
        Objects.requireNonNull(codeVerifier);
        returnTo = SignInPaths.pageOrHome(Objects.requireNonNull(returnTo));
    }

    String toCookie() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(this));
    }

    /// @return empty when the text is no sign-in
    static Optional<PendingSignIn> ofCookie(@Nullable String cookie) {
        if (cookie == null || cookie.length() > MAX_COOKIE) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(
                    JSON.readValue(
                            new String(
                                    Base64.getUrlDecoder().decode(cookie), StandardCharsets.UTF_8),
                            PendingSignIn.class));
        } catch (JacksonException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// Omits the secret values.
    @Override
    public String toString() {
        return "PendingSignIn[to " + returnTo + "]";
    }
}
