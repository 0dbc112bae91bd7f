package dev.orderflow.outboxpeers;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/// An outbox library with the settings that suit it best.
interface PeerOutbox {

    /// How it is tuned.
    enum PeerTuning {
        /// Many events a second.
        THROUGHPUT,
        /// Short delays, locks and leases, as the test kit asks for.
        SHORT_DELAYS
    }

    /// Creates its tables.
    void createTables(DataSource database) throws SQLException;

    /// Starts an instance that stores and publishes events.
    PeerInstance start(DataSource database, PeerSink sink, PeerTuning tuning);

    /// What stores events and publishes none.
    PeerStore openStore(DataSource database);

    /// The ids of the events that it has given up and keeps for an operator.
    List<String> findParked(DataSource database) throws SQLException;

    /// The tables whose size grows with its events.
    List<String> tables();

    /// Whether several instances may publish at the same time.
    default boolean hasSeveralInstances() {
        return true;
    }

    /// A running instance.
    interface PeerInstance extends AutoCloseable {

        /// Does some work and stores an event, in one transaction of the instance's database.
        void store(PeerWork work, PeerEvent event) throws SQLException;

        @Override
        void close();
    }

    /// Stores events.
    interface PeerStore extends AutoCloseable {

        /// Stores an event in the transaction that is open on a connection.
        void store(Connection transaction, PeerEvent event) throws SQLException;

        @Override
        default void close() {}
    }

    /// What an application does in a transaction.
    interface PeerWork {

        void run(Connection transaction) throws SQLException;
    }
}
