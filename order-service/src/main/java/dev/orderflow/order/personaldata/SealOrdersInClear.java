package dev.orderflow.order.personaldata;

import dev.orderflow.order.domain.DeliveryDetails;
import dev.orderflow.order.domain.PersonalData;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Migration 5.1: seals what earlier versions stored in clear, and drops the columns it was in.
///
/// It is all one transaction, so a failure leaves everything as it was. Orders cannot be accepted
/// meanwhile; an empty table takes no time and no key.
@Component
class SealOrdersInClear implements JavaMigration {

    private static final int BATCH = 500;

    private final MasterKeys masters;

    SealOrdersInClear(MasterKeys masters) {
        this.masters = masters;
    }

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("5.1");
    }

    @Override
    public String getDescription() {
        return "seal orders in clear";
    }

    @Override
    public @Nullable Integer getChecksum() {
        return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws SQLException {
        var connection = context.getConnection();
        sealAll(connection);
        try (var statement = connection.createStatement()) {
            statement.execute(
                    """
                    ALTER TABLE orders
                        DROP COLUMN payment_method_id,
                        DROP COLUMN email,
                        DROP COLUMN recipient,
                        DROP COLUMN street,
                        DROP COLUMN postal_code,
                        DROP COLUMN city,
                        DROP COLUMN country,
                        ADD CONSTRAINT held_or_erased
                            CHECK ((personal_data IS NULL) = (erased_at IS NOT NULL)),
                        ADD CONSTRAINT held_while_it_is_needed
                            CHECK (erased_at IS NULL OR state IN ('SHIPPED', 'REJECTED', 'CANCELLED'))
                    """);
        }
    }

    /// Overwrites the clear columns too: a dropped column stays in its rows until they are
    /// rewritten.
    private void sealAll(Connection connection) throws SQLException {
        DataKey key = null;
        try (var select =
                        connection.prepareStatement(
                                """
                                SELECT id, payment_method_id, email, recipient, street, postal_code,
                                       city, country
                                  FROM orders
                                """);
                var update =
                        connection.prepareStatement(
                                """
                                UPDATE orders
                                   SET personal_data = ?, payment_method_id = '', email = '',
                                       recipient = '', street = '', postal_code = '', city = '',
                                       country = ''
                                 WHERE id = ?
                                """)) {
            select.setFetchSize(BATCH);
            try (var row = select.executeQuery()) {
                int waiting = 0;
                while (row.next()) {
                    if (key == null) {
                        key = newKey(connection);
                    }
                    add(update, key, row);
                    if (++waiting % BATCH == 0) {
                        update.executeBatch();
                    }
                }
                update.executeBatch();
            }
        }
    }

    private static void add(PreparedStatement update, DataKey key, ResultSet row)
            throws SQLException {
        var id = row.getObject("id", UUID.class);
        var data =
                new PersonalData.AvailablePersonalData(
                        new DeliveryDetails(
                                row.getString("email"),
                                row.getString("recipient"),
                                row.getString("street"),
                                row.getString("postal_code"),
                                row.getString("city"),
                                row.getString("country")),
                        row.getString("payment_method_id"));
        update.setBytes(1, PersonalDataCipher.encrypt(key, id, data));
        update.setObject(2, id);
        update.addBatch();
    }

    private DataKey newKey(Connection connection) throws SQLException {
        var fresh = masters.generate(UUID.randomUUID());
        try (var insert =
                connection.prepareStatement(
                        "INSERT INTO data_key (id, wrapped, wrapped_by) VALUES (?, ?, ?)")) {
            insert.setObject(1, fresh.key().id());
            insert.setBytes(2, fresh.wrapped().bytes());
            insert.setString(3, fresh.wrapped().masterKeyId());
            insert.executeUpdate();
        }
        return fresh.key();
    }
}
