package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import java.net.URI;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Chooses the theme of the pages, in this browser.
@RestController
@RequestMapping(produces = PageRenderer.HTML)
class ThemeController {

    /// A link and no form: it changes nothing but the colours of this browser.
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/theme")
    ResponseEntity<Void> choose(@RequestParam String name) {
        if (!PageConfiguration.THEMES.contains(name)) {
            throw Problem.invalid("name", "must be one of " + PageConfiguration.THEMES);
        }
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create("/"))
                .header(
                        HttpHeaders.SET_COOKIE,
                        ResponseCookie.from(PageConfiguration.THEME_COOKIE, name)
                                .path("/")
                                .sameSite("Strict")
                                .httpOnly(true)
                                .maxAge(Duration.ofDays(365))
                                .build()
                                .toString())
                .build();
    }
}
