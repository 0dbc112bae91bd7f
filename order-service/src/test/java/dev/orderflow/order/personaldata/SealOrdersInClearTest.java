package dev.orderflow.order.personaldata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.order.domain.DeliveryDetails;
import dev.orderflow.order.domain.PersonalData;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class SealOrdersInClearTest {

    private final DataSource database =
            new DriverManagerDataSource(PostgresFixture.createDatabase());
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final FakeMasterKey master = new FakeMasterKey('A');

    @Test
    void whatWasStoredInClearIsSealedAndItsColumnsAreGone() {
        migrations().target("4").load().migrate();
        var ids =
                jdbc.sql(
                                """
                                INSERT INTO orders (id, customer_ref, state, total_amount, currency,
                                    payment_method_id, email, recipient, street, postal_code, city,
                                    country, placed_at)
                                SELECT gen_random_uuid(), 'ada', 'PENDING', 1, 'EUR', 'pm_' || n,
                                       n || '@example.org', 'Ada', n || ' Street', 'N1', 'London',
                                       'GB', now()
                                  FROM generate_series(1, 1201) AS n
                                RETURNING id
                                """)
                        .query(UUID.class)
                        .list();
        migrations().load().migrate();
        for (int n = 1; n <= ids.size(); n++) {
            var box = box(ids.get(n - 1));
            assertThat(new String(box, StandardCharsets.ISO_8859_1)).doesNotContain("Street");
            assertThat(PersonalDataCipher.decrypt(dataKey(), ids.get(n - 1), box))
                    .isEqualTo(
                            new PersonalData.AvailablePersonalData(
                                    new DeliveryDetails(
                                            n + "@example.org",
                                            "Ada",
                                            n + " Street",
                                            "N1",
                                            "London",
                                            "GB"),
                                    "pm_" + n));
        }
        assertThat(columns())
                .contains("personal_data", "erased_at")
                .doesNotContain("email", "recipient", "street", "payment_method_id");
    }

    @Test
    void anEmptyTableNeedsNoKey() {
        master.away = true;
        migrations().load().migrate();
        assertThat(jdbc.sql("SELECT count(*) FROM data_key").query(Integer.class).single())
                .isZero();
    }

    @Test
    void withoutAKeyEverythingStaysAsItWas() {
        migrations().target("4").load().migrate();
        jdbc.sql(
                        """
                        INSERT INTO orders (id, customer_ref, state, total_amount, currency,
                            payment_method_id, email, recipient, street, postal_code, city, country,
                            placed_at)
                        VALUES (gen_random_uuid(), 'ada', 'PENDING', 1, 'EUR', 'pm', 'a@example.org',
                            'Ada', 'Street', 'N1', 'London', 'GB', now())
                        """)
                .update();
        master.away = true;
        assertThat(catchThrowable(() -> migrations().load().migrate()))
                .hasStackTraceContaining("nobody answers");
        assertThat(columns()).contains("email");
        master.away = false;
        migrations().load().migrate();
        assertThat(columns()).doesNotContain("email");
    }

    private FluentConfiguration migrations() {
        return Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/order-service")
                .javaMigrations(new SealOrdersInClear(new MasterKeys(List.of(master))));
    }

    private byte[] box(UUID id) {
        return jdbc.sql("SELECT personal_data FROM orders WHERE id = :id")
                .param("id", id)
                .query((row, _) -> row.getBytes(1))
                .single();
    }

    private DataKey dataKey() {
        return jdbc.sql("SELECT id, wrapped, wrapped_by FROM data_key")
                .query(
                        (row, _) ->
                                master.unwrap(
                                        row.getObject("id", UUID.class),
                                        new MasterKey.WrappedDataKey(
                                                row.getString("wrapped_by"),
                                                row.getBytes("wrapped"))))
                .single();
    }

    private List<String> columns() {
        return jdbc.sql(
                        "SELECT column_name FROM information_schema.columns WHERE table_name = 'orders'")
                .query(String.class)
                .list();
    }
}
