package dev.orderflow.defaults.operators;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What an operator requested of a service, and how the service answered.
///
/// @param id increases with time
/// @param operator the subject of the operator
/// @param operatorName the name of the operator at that time
/// @param action what the endpoint does, such as `RESOLVE_WORK_ITEM`
/// @param subject the order, article, customer or other thing that the request changes
/// @param reason why; null when the endpoint takes no reason
/// @param detail what the action does not say, such as an amount
/// @param status the HTTP status of the response; null when the instance stopped before it
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OperatorActionEntry(
        long id,
        Instant at,
        String operator,
        String operatorName,
        String action,
        String subject,
        @Nullable String reason,
        @Nullable String detail,
        @Nullable Integer status) {

    public OperatorActionEntry {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(operator, "operator");
        Objects.requireNonNull(operatorName, "operatorName");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(subject, "subject");
    }
}
