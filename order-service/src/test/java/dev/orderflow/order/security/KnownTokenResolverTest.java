package dev.orderflow.order.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;

class KnownTokenResolverTest {

    private final KnownTokenResolver resolver = new KnownTokenResolver(Set.of("known")::contains);

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer known", "Bearer other", "bearer known", "Basic known", "known", ""})
    void aHeaderIsReadAsByTheStandardResolver(String header) {
        var request = request(header);
        assertThat(resolver.resolve(request))
                .isEqualTo(new DefaultBearerTokenResolver().resolve(request));
    }

    @Test
    void aRequestWithoutTokenHasNone() {
        assertThat(resolver.resolve(new MockHttpServletRequest("POST", "/orders"))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer a b", "Bearer  known", "Bearer known ", "Bearer "})
    void aMalformedTokenIsRefused(String header) {
        assertThatThrownBy(() -> resolver.resolve(request(header)))
                .isInstanceOf(OAuth2AuthenticationException.class);
    }

    private static MockHttpServletRequest request(String header) {
        var request = new MockHttpServletRequest("POST", "/orders");
        request.addHeader("Authorization", header);
        return request;
    }
}
