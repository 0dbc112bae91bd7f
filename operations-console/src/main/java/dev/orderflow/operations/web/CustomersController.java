package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.customers.CustomerDataService;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Shows and erases the personal data of a customer.
@RestController
@RequestMapping(
        path = "/internal/operations/customers/{customerRef}",
        produces = "application/json")
class CustomersController {

    private static final String REFERENCE_RULE = "must be 1 to 64 letters, digits, _ or -";

    private final CustomerDataService customers;

    CustomersController(CustomerDataService customers) {
        this.customers = customers;
    }

    /// The reason of an erasure. The audit trail keeps it, so it must not contain personal data of
    /// the customer.
    static final class ErasureRequest {

        @JsonProperty
        @NotNull
        @NotBlank
        @Size(max = 500)
        @Pattern(regexp = TextLine.REGEX, message = TextLine.RULE)
        @Pattern(regexp = "[^@]*", message = "must not contain an e-mail address")
        @Nullable String reason;
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/personal-data")
    CustomerDataService.CustomerDataSummary showPersonalData(
            @PathVariable @Pattern(regexp = CustomerRef.PATTERN, message = REFERENCE_RULE)
                    String customerRef) {
        return customers
                .findSummary(customerRef)
                .orElseThrow(
                        () ->
                                ServiceProblems.repeatable(
                                        "The personal data of the customer could not be read"));
    }

    @ForOperators(OperatorRole.ADMINISTRATOR)
    @PostMapping(path = "/erasure", consumes = "application/json")
    CustomerDataService.ErasureProgress erase(
            @PathVariable @Pattern(regexp = CustomerRef.PATTERN, message = REFERENCE_RULE)
                    String customerRef,
            @Valid @RequestBody ErasureRequest request,
            Operator operator) {
        return customers
                .erase(customerRef, operator, Objects.requireNonNull(request.reason).strip())
                .orElseThrow(
                        () ->
                                ServiceProblems.repeatable(
                                        "order-service did not confirm the erasure"));
    }
}
