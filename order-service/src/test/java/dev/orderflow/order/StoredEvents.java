package dev.orderflow.order;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Records every event that was stored in the outbox, also after the relay has published and
/// deleted it.
public final class StoredEvents {

    private final JdbcClient jdbc;

    StoredEvents(JdbcClient jdbc) {
        this.jdbc = jdbc;
        jdbc.sql(
                        """
                        CREATE TABLE stored_event (event_id text, detail jsonb);
                        CREATE FUNCTION store_event() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN
                            INSERT INTO stored_event VALUES (new.event_id, convert_from(new.payload, 'UTF8')::jsonb);
                            RETURN NULL;
                        END $$;
                        CREATE TRIGGER store_event AFTER INSERT ON outbox
                        FOR EACH ROW EXECUTE FUNCTION store_event();
                        """)
                .update();
    }

    /// How often an event was stored.
    public int count(String eventId) {
        return jdbc.sql("SELECT count(*) FROM stored_event WHERE event_id = :id")
                .param("id", eventId)
                .query(Integer.class)
                .single();
    }

    /// The events of a customer's orders.
    public List<String> findByCustomer(String customer) {
        return jdbc.sql(
                        "SELECT detail FROM stored_event WHERE detail ->> 'customerRef' = :customer")
                .param("customer", customer)
                .query(String.class)
                .list();
    }
}
