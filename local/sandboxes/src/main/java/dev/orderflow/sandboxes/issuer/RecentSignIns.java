package dev.orderflow.sandboxes.issuer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;

/// The latest sign-ins with a browser, whose codes and refresh tokens are looked up. Tokens of
/// client credentials never are, and are not stored.
final class RecentSignIns implements OAuth2AuthorizationService {

    private static final int LIMIT = 200;

    private static final Set<AuthorizationGrantType> IN_BROWSER =
            Set.of(AuthorizationGrantType.AUTHORIZATION_CODE, AuthorizationGrantType.DEVICE_CODE);

    private final InMemoryOAuth2AuthorizationService stored =
            new InMemoryOAuth2AuthorizationService();
    private final Deque<OAuth2Authorization> oldestFirst = new ArrayDeque<>();

    @Override
    public synchronized void save(OAuth2Authorization authorization) {
        if (!IN_BROWSER.contains(authorization.getAuthorizationGrantType())) {
            return;
        }
        removeFromQueue(authorization.getId());
        stored.save(authorization);
        oldestFirst.addLast(authorization);
        if (oldestFirst.size() > LIMIT) {
            stored.remove(oldestFirst.removeFirst());
        }
    }

    private void removeFromQueue(String id) {
        oldestFirst.removeIf(each -> each.getId().equals(id));
    }

    @Override
    public synchronized void remove(OAuth2Authorization authorization) {
        removeFromQueue(authorization.getId());
        stored.remove(authorization);
    }

    @Override
    public @Nullable OAuth2Authorization findById(String id) {
        return stored.findById(id);
    }

    @Override
    public @Nullable OAuth2Authorization findByToken(String token, @Nullable OAuth2TokenType type) {
        return stored.findByToken(token, type);
    }
}
