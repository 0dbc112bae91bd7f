package dev.orderflow.outbox.testkit;

import dev.orderflow.outbox.EventPayload;
import dev.orderflow.outbox.JdbcOutboxPublisher;
import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.RelayWakeUp;
import dev.orderflow.outbox.TargetRouting;
import java.sql.Connection;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// The outbox passes the suite as well if a statement of the application stores the event together
/// with the application's own row.
class OneStatementConformanceTest extends OutboxConformanceTest {

    OneStatementConformanceTest() {
        super(new OneStatementOutbox());
    }

    private static final class OneStatementOutbox extends OurOutboxConformanceTest.OurOutbox {

        @Override
        public DataSource createDatabase() {
            var database = super.createDatabase();
            JdbcClient.create(database).sql("CREATE TABLE purchase (id text PRIMARY KEY)").update();
            return database;
        }

        @Override
        public void store(Connection transaction, String key, String id) {
            var database = new SingleConnectionDataSource(transaction, true);
            var insert =
                    new JdbcOutboxPublisher(database, TargetRouting.to(TARGET), new RelayWakeUp())
                            .prepare(
                                    OutboxEvent.of("Tested", key, EventPayload.json("{}"))
                                            .withId(id));
            JdbcClient.create(database)
                    .sql(
                            """
                            WITH purchase AS (INSERT INTO purchase VALUES (:id) RETURNING id)
                            %s"""
                                    .formatted(insert.sql("purchase")))
                    .param("id", id)
                    .params(insert.parameters())
                    .update();
        }
    }
}
