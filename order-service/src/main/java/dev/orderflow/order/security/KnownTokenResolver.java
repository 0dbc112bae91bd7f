package dev.orderflow.order.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;

/// Reads the access token of a request. A token that was verified before is not matched with the
/// syntax of bearer tokens again, which is a regular expression over a kilobyte.
final class KnownTokenResolver implements BearerTokenResolver {

    private static final String SCHEME = "Bearer ";

    private final BearerTokenResolver standard = new DefaultBearerTokenResolver();
    private final Predicate<String> isKnown;

    /// @param isKnown whether a token was verified before; it may have expired since
    KnownTokenResolver(Predicate<String> isKnown) {
        this.isKnown = isKnown;
    }

    @Override
    public @Nullable String resolve(HttpServletRequest request) {
        var header = request.getHeader(HttpHeaders.AUTHORIZATION);
        // The standard resolver refuses a second token in the query.
        if (header != null && header.startsWith(SCHEME) && request.getQueryString() == null) {
            var token = header.substring(SCHEME.length());
            if (isKnown.test(token)) {
                return token;
            }
        }
        return standard.resolve(request);
    }
}
