package dev.orderflow.localcloud.ports;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Event buses as the other services see them.
public interface EventBusPort {

    /// The same buses for a caller who has to be allowed to put events.
    ///
    /// @return buses that refuse with `AccessDeniedException` what the caller may not do
    default EventBusPort as(Authorizer.Principal caller) {
        return this;
    }

    /// Puts entries as `PutEvents` would.
    ///
    /// @param entries each with `Source`, `DetailType`, `Detail` (a JSON string), `EventBusName`
    /// @return the answer of `PutEvents`: `FailedEntryCount` and `Entries`, in request order
    ObjectNode putEvents(ArrayNode entries);

    /// Publishes an event that an AWS service itself makes, on the default bus.
    ///
    /// @param source for example `aws.states`
    /// @param detailType for example `Step Functions Execution Status Change`
    /// @param resources ARNs the event is about
    void publishServiceEvent(
            String source, String detailType, List<String> resources, ObjectNode detail);
}
