package dev.orderflow.localcloud.ports;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Access to event buses for other services.
public interface EventBusPort {

    /// Returns these buses with authorisation checks for a caller.
    ///
    /// @return buses that answer `AccessDeniedException` for calls the caller may not make
    default EventBusPort withCaller(Authorizer.Principal caller) {
        return this;
    }

    /// Puts events as `PutEvents` does.
    ///
    /// @param entries each with `Source`, `DetailType`, `Detail` (a JSON string), `EventBusName`
    /// @return the response of `PutEvents`: `FailedEntryCount` and `Entries`, in request order
    ObjectNode putEvents(ArrayNode entries);

    /// Publishes an event of an AWS service on the default bus.
    ///
    /// @param source for example `aws.states`
    /// @param detailType for example `Step Functions Execution Status Change`
    /// @param resources ARNs of the resources the event concerns
    void publishServiceEvent(
            String source, String detailType, List<String> resources, ObjectNode detail);
}
