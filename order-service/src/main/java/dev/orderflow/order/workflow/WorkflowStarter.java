package dev.orderflow.order.workflow;

import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.PersonalData;
import dev.orderflow.order.personaldata.KeysUnavailableException;
import org.springframework.stereotype.Component;

/// Starts the workflow of an order with the order's payment method, which no event contains.
@Component
class WorkflowStarter {

    private final Orders orders;
    private final WorkflowClient workflows;

    WorkflowStarter(Orders orders, WorkflowClient workflows) {
        this.orders = orders;
        this.workflows = workflows;
    }

    /// The result of starting the workflow of an order.
    sealed interface WorkflowStartResult {

        /// Step Functions accepted or refused the start, or its answer is unknown.
        record StartRequested(WorkflowClient.StartWorkflowResult result)
                implements WorkflowStartResult {}

        /// The personal data is erased, so there is no payment method.
        record PaymentMethodErased() implements WorkflowStartResult {}

        /// The personal data could not be decrypted; try again later.
        record PaymentMethodUnavailable(String reason) implements WorkflowStartResult {}
    }

    /// Starts the workflow. Call it outside of a transaction: it may call KMS.
    WorkflowStartResult start(Order order, OrderCreated created) {
        String paymentMethod;
        try {
            if (!(orders.findPersonalData(order.id()).orElse(null)
                    instanceof PersonalData.AvailablePersonalData(var _, var method))) {
                return new WorkflowStartResult.PaymentMethodErased();
            }
            paymentMethod = method;
        } catch (KeysUnavailableException unavailable) {
            return new WorkflowStartResult.PaymentMethodUnavailable(
                    String.valueOf(unavailable.getMessage()));
        }
        return new WorkflowStartResult.StartRequested(
                workflows.start(WorkflowInput.of(order, paymentMethod, created)));
    }
}
