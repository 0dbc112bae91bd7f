package dev.orderflow.outbox.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/// The outbox that the suite tests.
public interface OutboxUnderTest {

    /// Creates an empty database with the outbox's tables.
    ///
    /// @return a pool of at least 16 connections to it
    DataSource createDatabase();

    /// Stores an event in the transaction that is open on a connection.
    ///
    /// @param id what [KitMessage#id] must be when it is published
    void store(Connection transaction, String key, String id) throws SQLException;

    /// Starts an instance that publishes to a target. Configure it for short delays: polls of some
    /// 20 ms, leases or locks of a second or a little more, no more than three attempts for an
    /// event that the target rejects.
    ///
    /// @param database what this instance must use for everything; the suite interrupts it
    OutboxInstance start(DataSource database, KitTarget target);

    /// The ids of events that the outbox has given up and keeps for an operator.
    List<String> findParked(DataSource database) throws SQLException;

    /// A running instance.
    interface OutboxInstance extends AutoCloseable {

        /// Stops it gracefully, or as far as it goes if its database does not answer.
        @Override
        void close();
    }
}
