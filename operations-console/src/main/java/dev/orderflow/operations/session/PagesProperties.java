package dev.orderflow.operations.session;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// Where the pages are.
///
/// @param port the port that serves the pages and nothing else; 0 for a free one
/// @param url the address of the pages in a browser, without a path. With `https`, cookies are
///     `Secure`
@Validated
@ConfigurationProperties("orderflow.operations.pages")
public record PagesProperties(@Min(0) @Max(65_535) int port, @NotNull URI url) {

    /// Whether browsers reach the pages over TLS.
    boolean isSecure() {
        return "https".equals(url.getScheme());
    }

    /// Where the issuer sends the browser back to, with the authorization code.
    URI redirectUri() {
        return url.resolve(SignInPaths.CALLBACK);
    }
}
