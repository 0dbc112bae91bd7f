package dev.orderflow.order.workflow;

import dev.orderflow.contracts.Messages;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.Received;
import dev.orderflow.defaults.delivery.Deliveries;
import dev.orderflow.defaults.delivery.Delivery;
import dev.orderflow.defaults.delivery.Outcome;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.PersonalData;
import dev.orderflow.order.domain.State;
import dev.orderflow.order.personaldata.KeysUnavailableException;
import io.awspring.cloud.sqs.annotation.SqsListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Starts the workflow of each new order.
///
/// Also of an order that the customer wants to cancel by now: the workflow finds the dispatch
/// permit refused, undoes what it did, and says so.
@Component
class FulfilmentStarter {

    private static final Logger log = LoggerFactory.getLogger(FulfilmentStarter.class);

    private final Orders orders;
    private final Workflows workflows;
    private final Deliveries deliveries;

    FulfilmentStarter(Orders orders, Workflows workflows, Deliveries deliveries) {
        this.orders = orders;
        this.workflows = workflows;
        this.deliveries = deliveries;
    }

    @SqsListener(
            queueNames = "${orderflow.order.queues.fulfilment-requests}",
            acknowledgementMode = "MANUAL")
    void on(Message<String> message) {
        deliveries.settle(message, this::handle);
    }

    Outcome handle(Delivery delivery) {
        return switch (Messages.readEvent(delivery.body())) {
            case Received.Known<OrderEvent>(OrderCreated created, var _) ->
                    orders.find(created.orderId())
                            .map(order -> start(order, created))
                            .orElseGet(() -> new Outcome.Hopeless("there is no such order"));
            case Received.Known<OrderEvent>(var event, var _) ->
                    new Outcome.Hopeless(event.type() + " starts no workflow");
            case Received<OrderEvent> unknown ->
                    new Outcome.Hopeless(unknown.problem().orElse("unknown"));
        };
    }

    private Outcome start(Order order, OrderCreated created) {
        if (order.state() instanceof State.Final) {
            log.info("order {} is {} already", order.id(), order.state().code());
            return Outcome.DONE;
        }
        String paymentMethod;
        try {
            if (!(orders.personalData(order.id()).orElse(null)
                    instanceof PersonalData.Held(var _, var held))) {
                log.info("order {} has ended and was erased", order.id());
                return Outcome.DONE;
            }
            paymentMethod = held;
        } catch (KeysUnavailableException away) {
            return new Outcome.Unavailable("KMS", String.valueOf(away.getMessage()));
        }
        return switch (workflows.start(Fulfilment.of(order, paymentMethod, created))) {
            case Workflows.Start.Started _ -> Outcome.DONE;
            case Workflows.Start.StartedBefore _ -> {
                log.info("the workflow of order {} was started before", order.id());
                yield Outcome.DONE;
            }
            case Workflows.Start.Refused(var reason) ->
                    new Outcome.Hopeless("the workflow refuses its input: " + reason);
            case Workflows.Start.Unavailable(var reason) ->
                    new Outcome.Unavailable("Step Functions", reason);
        };
    }
}
