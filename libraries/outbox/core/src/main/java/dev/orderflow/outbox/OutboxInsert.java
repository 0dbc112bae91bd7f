package dev.orderflow.outbox;

import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;

/// The insert of one event, to be executed as a part of a statement of the caller.
///
/// A transaction of one statement needs no round trips for its begin and its commit, and no others
/// for the event:
///
/// ```java
/// var insert = outbox.prepare(event);
/// int stored = jdbc.sql("""
///                 WITH purchase AS (
///                     INSERT INTO purchase (id, article) VALUES (:id, :article)
///                     ON CONFLICT (id) DO NOTHING
///                     RETURNING id)
///                 %s""".formatted(insert.sql("purchase")))
///         .param("id", id).param("article", article)
///         .params(insert.parameters())
///         .update();
/// insert.wakeRelay();
/// ```
///
/// The event is stored if and only if the transaction of the statement commits, and once for each
/// row of the given relation. The sequence of a key holds as with [OutboxPublisher#publish]: only
/// if statements that store events of the same key exclude each other by a row lock or a version
/// check.
public final class OutboxInsert {

    private static final String COLUMNS =
            "(target, shard, event_key, event_id, event_type, payload, content_type, headers, occurred_at";

    /// With types, because the statement around it may contain nothing from which Postgres could
    /// infer them.
    private static final String VALUES =
            "CAST(:outbox_target AS text), CAST(:outbox_shard AS smallint),"
                    + " CAST(:outbox_key AS text), CAST(:outbox_id AS text),"
                    + " CAST(:outbox_type AS text), CAST(:outbox_payload AS bytea),"
                    + " CAST(:outbox_content_type AS text), CAST(:outbox_headers AS text[]),"
                    + " CAST(:outbox_occurred_at AS timestamptz)";

    private static final String INSERT =
            "INSERT INTO outbox " + COLUMNS + ") SELECT " + VALUES + " FROM ";

    private static final String INSERT_SCHEDULED =
            "INSERT INTO outbox_scheduled "
                    + COLUMNS
                    + ", deliver_at) SELECT "
                    + VALUES
                    + ", CAST(:outbox_deliver_at AS timestamptz) FROM ";

    private final OutboxEvent event;
    private final String target;
    private final RelayWakeUp relays;

    OutboxInsert(OutboxEvent event, String target, RelayWakeUp relays) {
        this.event = event;
        this.target = target;
        this.relays = relays;
    }

    /// The insert, with the named parameters of [#parameters()].
    ///
    /// @param rows the name of a common table expression of the statement, or another relation: the
    ///     event is stored once for each of its rows, so it has one row, or none to store nothing.
    ///     It is not escaped
    public String sql(String rows) {
        return (event.deliverAt() == null ? INSERT : INSERT_SCHEDULED) + rows;
    }

    /// The values of the named parameters, whose names all begin with `outbox_`.
    public Map<String, Object> parameters() {
        var values = new LinkedHashMap<String, Object>();
        values.put("outbox_target", target);
        values.put("outbox_shard", Shard.of(event.key()).number());
        values.put("outbox_key", event.key());
        values.put("outbox_id", event.id());
        values.put("outbox_type", event.type());
        values.put("outbox_payload", event.payload().bytes());
        values.put("outbox_content_type", event.payload().contentType());
        values.put("outbox_headers", OutboxRows.headers(event));
        values.put("outbox_occurred_at", event.occurredAt().atOffset(ZoneOffset.UTC));
        if (event.deliverAt() != null) {
            values.put("outbox_deliver_at", event.deliverAt().atOffset(ZoneOffset.UTC));
        }
        return values;
    }

    /// Wakes the relay of this process. Call it after the commit; without it the event waits for
    /// the relay's next poll. A call for an event that was not stored is harmless.
    public void wakeRelay() {
        if (event.deliverAt() == null) {
            relays.wakeUp(target, event.key());
        }
    }
}
