package dev.orderflow.order.web;

import dev.orderflow.defaults.operators.OperatorTokenVerifier;
import dev.orderflow.defaults.security.ForMachines;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Serves the public keys that sign the access tokens of operators: the other services have no
/// route to the issuer.
@RestController
class OperatorKeysController {

    private final OperatorTokenVerifier tokens;

    OperatorKeysController(OperatorTokenVerifier tokens) {
        this.tokens = tokens;
    }

    @ForMachines
    @GetMapping(path = "/internal/operator-keys", produces = "application/json")
    Map<String, Object> publicKeys() {
        return tokens.publicKeys();
    }
}
