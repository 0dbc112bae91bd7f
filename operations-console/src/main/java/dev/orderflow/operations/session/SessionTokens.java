package dev.orderflow.operations.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The tokens of a session.
///
/// @param refreshToken absent when the issuer gave none: the session then ends with its access
///     token
/// @param expiresAt when the access token expires
record SessionTokens(String accessToken, @Nullable String refreshToken, Instant expiresAt) {

    private static final JsonMapper JSON = JsonMapper.shared();

    String toJson() {
        return JSON.writeValueAsString(this);
    }

    static SessionTokens ofJson(String json) {
        return JSON.readValue(json, SessionTokens.class);
    }

    /// Omits the tokens.
    @Override
    public String toString() {
        return "SessionTokens[until " + expiresAt + "]";
    }
}
