package dev.orderflow.defaults.tokens;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The issuer's signing keys (JWKS), fetched when the first token arrives and cached.
///
/// Cached keys stay valid for hours while the issuer does not answer. When a token is signed with
/// an unknown key, the keys are fetched again, at most twice in half a minute.
final class IssuerJwkSource implements JWKSource<SecurityContext> {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(3);
    private static final int MAX_RESPONSE_BYTES = 64 * 1024;

    private static final Duration CACHE_TTL = Duration.ofMinutes(5);
    private static final Duration REFRESH_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration MIN_REFRESH_INTERVAL = Duration.ofSeconds(30);
    private static final Duration OUTAGE_TTL = Duration.ofHours(4);

    private final AccessTokenRules tokens;
    private final DefaultResourceRetriever retriever =
            new DefaultResourceRetriever(
                    Math.toIntExact(CONNECT_TIMEOUT.toMillis()),
                    Math.toIntExact(READ_TIMEOUT.toMillis()),
                    MAX_RESPONSE_BYTES);
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable JWKSource<SecurityContext> cachedSource;

    IssuerJwkSource(AccessTokenRules tokens) {
        this.tokens = tokens;
    }

    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context)
            throws KeySourceException {
        return source().get(selector, context);
    }

    private JWKSource<SecurityContext> source() throws KeySourceException {
        var source = cachedSource;
        if (source != null) {
            return source;
        }
        lock.lock();
        try {
            source = cachedSource;
            if (source == null) {
                source = createSource(findJwkSetUrl());
                cachedSource = source;
            }
            return source;
        } catch (IOException | ParseException unreachable) {
            throw new KeySourceException("cannot find the issuer's JWKS endpoint", unreachable);
        } finally {
            lock.unlock();
        }
    }

    private URL findJwkSetUrl() throws IOException, ParseException {
        var uri = tokens.jwkSetUri();
        return uri == null ? discoverJwkSetUrl() : url(uri.toString());
    }

    /// By [OpenID Connect Discovery](https://openid.net/specs/openid-connect-discovery-1_0.html).
    private URL discoverJwkSetUrl() throws IOException, ParseException {
        var where = tokens.issuer().replaceAll("/$", "") + "/.well-known/openid-configuration";
        var configuration =
                JSONObjectUtils.parse(retriever.retrieveResource(url(where)).getContent());
        if (!tokens.issuer().equals(configuration.get("issuer"))) {
            throw new IOException(where + " names another issuer");
        }
        return url(JSONObjectUtils.getString(configuration, "jwks_uri"));
    }

    private static URL url(String text) throws MalformedURLException {
        try {
            return URI.create(text).toURL();
        } catch (IllegalArgumentException failure) {
            throw new MalformedURLException(failure.getMessage());
        }
    }

    private JWKSource<SecurityContext> createSource(URL url) {
        retriever.setHeaders(
                tokens.jwkSetHeaders().entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey, header -> List.of(header.getValue()))));
        return JWKSourceBuilder.create(url, retriever)
                .cache(CACHE_TTL.toMillis(), REFRESH_TIMEOUT.toMillis())
                .refreshAheadCache(false)
                .rateLimited(MIN_REFRESH_INTERVAL.toMillis())
                .outageTolerant(OUTAGE_TTL.toMillis())
                .build();
    }
}
