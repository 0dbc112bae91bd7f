package dev.orderflow.defaults.idempotency;

import java.util.List;
import org.springframework.http.ResponseEntity;

/// What a request inserts and what it is answered with when the inserts are committed.
///
/// @param response its body is written as JSON
/// @param inserts all or none of them are executed
public record InsertsWithResponse(ResponseEntity<?> response, List<ConditionalInsert> inserts) {

    public InsertsWithResponse {
        inserts = List.copyOf(inserts);
    }

    /// Omits the response.
    @Override
    public String toString() {
        return "InsertsWithResponse" + inserts;
    }
}
