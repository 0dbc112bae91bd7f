package dev.orderflow.order.personaldata;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The internal API of a customer's personal data: count it and erase it. It never returns the data
/// itself. The operations console records who requested an erasure and why.
@RestController
@RequestMapping(
        path = "/internal/customers/{customerRef}/personal-data",
        produces = "application/json")
class PersonalDataController {

    private final ErasureService erasures;

    PersonalDataController(ErasureService erasures) {
        this.erasures = erasures;
    }

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    ErasureService.PersonalDataSummary summarize(@PathVariable CustomerRef customerRef) {
        return erasures.summarize(customerRef);
    }

    @ForOperators(value = OperatorRole.ADMINISTRATOR, action = "ERASE_PERSONAL_DATA")
    @DeleteMapping
    ErasureService.ErasureResult erase(@PathVariable CustomerRef customerRef) {
        return erasures.erase(customerRef);
    }
}
