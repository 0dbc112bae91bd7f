package dev.orderflow.analytics.web;

import dev.orderflow.analytics.projection.Rebuild;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.TextLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// `POST /internal/projections/emptying`: forgets all facts, before a replay of the archive tells
/// them again. For operators, with their name and a reason, both of which are logged.
@RestController
class RebuildController {

    private static final Logger log = LoggerFactory.getLogger(RebuildController.class);

    private final Rebuild rebuild;

    RebuildController(Rebuild rebuild) {
        this.rebuild = rebuild;
    }

    /// @param by who wants it, 1 to 64 letters, digits and `._@-`
    /// @param reason why, one line of at most 200 characters
    record Wish(String by, String reason) {

        Wish {
            if (!by.matches("[A-Za-z0-9._@-]{1,64}")) {
                throw new InvalidValueException("by", "must be 1 to 64 letters, digits or ._@-");
            }
            TextLine.require("reason", reason, 200);
        }
    }

    record Emptied(long facts) {}

    @PostMapping("/internal/projections/emptying")
    Emptied empty(@RequestBody Wish wish) {
        var facts = rebuild.empty();
        log.warn("{} emptied the projections of {} facts: {}", wish.by(), facts, wish.reason());
        return new Emptied(facts);
    }
}
