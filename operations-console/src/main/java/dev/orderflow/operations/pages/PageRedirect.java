package dev.orderflow.operations.pages;

import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.util.UriComponentsBuilder;

/// Leads to a page after an action, so that a reload does not repeat the action.
public final class PageRedirect {

    private PageRedirect() {}

    /// Leads to a page of this server.
    public static ResponseEntity<Void> to(String path) {
        return ResponseEntity.status(HttpStatus.SEE_OTHER).location(URI.create(path)).build();
    }

    /// Leads to a page that says what was done.
    ///
    /// @param done a code that the page knows
    public static ResponseEntity<Void> done(String path, String done) {
        return to(UriComponentsBuilder.fromPath(path).queryParam("done", done).toUriString());
    }
}
