package dev.orderflow.order.personaldata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.orderflow.localpostgres.fixture.TestDatabase;
import dev.orderflow.order.domain.DeliveryDetails;
import dev.orderflow.order.domain.PersonalData;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

@ExtendWith(OutputCaptureExtension.class)
class DataKeysTest {

    private static final UUID ORDER = UUID.randomUUID();
    private static final PersonalData.AvailablePersonalData DATA =
            new PersonalData.AvailablePersonalData(
                    new DeliveryDetails("ada@example.org", "Ada", "1 Street", "N1", "London", "GB"),
                    "pm_card_visa");

    private static JdbcClient jdbc;

    private final FakeMasterKey kms = new FakeMasterKey('A');
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @BeforeAll
    static void createSchema() {
        var database = new DriverManagerDataSource(TestDatabase.create().url());
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/order-service")
                .load()
                .migrate();
        jdbc = JdbcClient.create(database);
    }

    @BeforeEach
    void deleteAllKeys() {
        jdbc.sql("DELETE FROM data_key").update();
    }

    @Test
    void manyOrdersShareADataKeyWithoutACallOfTheMasterKey() {
        var keys = keys(kms);
        var cipher = new PersonalDataCipher(keys);
        kms.isUnavailable = true;
        var first = cipher.encrypt(ORDER, DATA);
        var second = cipher.encrypt(ORDER, DATA);
        assertThat(EncryptedEnvelope.dataKeyId(first))
                .isEqualTo(EncryptedEnvelope.dataKeyId(second));
        assertThat(cipher.decrypt(ORDER, first)).isEqualTo(DATA);
        assertThat(kms.unwrapCount()).isZero();
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void aDataKeyIsRenewedAtHalfOfItsLifetime() {
        var keys = keys(kms);
        var first = keys.useEncryptionKey();
        now = now.plus(Duration.ofHours(3));
        keys.renewIfDue();
        var second = keys.useEncryptionKey();
        keys.renewIfDue();
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(keys.useEncryptionKey().id()).isEqualTo(second.id());
        assertThat(keys.findDecryptionKey(first.id())).isEqualTo(first);
    }

    @Test
    void aDataKeyIsRenewedAtHalfOfItsUses() {
        var keys = keys(kms);
        var first = keys.useEncryptionKey();
        for (int i = 0; i < 5; i++) {
            assertThat(keys.useEncryptionKey().id()).isEqualTo(first.id());
        }
        keys.renewIfDue();
        assertThat(keys.useEncryptionKey().id()).isNotEqualTo(first.id());
    }

    @Test
    void whileTheMasterKeyIsUnavailableTheDataKeyIsUsedUpToItsLimits() {
        var keys = keys(kms);
        kms.isUnavailable = true;
        now = now.plus(Duration.ofHours(6).minusSeconds(1));
        keys.renewIfDue();
        keys.useEncryptionKey();
        now = now.plusSeconds(1);
        keys.renewIfDue();
        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(keys::useEncryptionKey);
        kms.isUnavailable = false;
        now = now.plusSeconds(5);
        keys.renewIfDue();
        assertThat(keys.useEncryptionKey()).isNotNull();
    }

    @Test
    void theLogSaysUntilWhenOrdersAreAcceptedAndThenThatTheyAreRefused(CapturedOutput output) {
        var keys = keys(kms);
        kms.isUnavailable = true;
        now = now.plus(Duration.ofHours(3));
        keys.renewIfDue();
        assertThat(output)
                .contains("orders are accepted until 2026-01-01T06:00:00Z: ")
                .doesNotContain("orders are refused");
        now = now.plus(Duration.ofHours(3));
        keys.renewIfDue();
        assertThat(output).contains("orders are refused until it is: ");
    }

    @Test
    void theLogSaysThatOrdersAreRefusedWhenTheDataKeyIsUsedUp(CapturedOutput output) {
        var keys = keys(kms);
        for (int i = 0; i < 10; i++) {
            keys.useEncryptionKey();
        }
        kms.isUnavailable = true;
        keys.renewIfDue();
        assertThat(output)
                .contains("orders are refused until it is: ")
                .doesNotContain("orders are accepted");
    }

    @Test
    void theMeterShowsThatARenewalIsOverdueAndThatItSucceeded() {
        var meters = new SimpleMeterRegistry();
        var keys = keys(kms);
        keys.bindTo(meters);
        var overdue = meters.get("personal.data.key.renewal.overdue").gauge();
        assertThat(overdue.value()).isZero();
        kms.isUnavailable = true;
        now = now.plus(Duration.ofHours(3));
        keys.renewIfDue();
        assertThat(overdue.value()).isEqualTo(1);
        kms.isUnavailable = false;
        now = now.plusSeconds(5);
        keys.renewIfDue();
        assertThat(overdue.value()).isZero();
    }

    @Test
    void aDataKeyIsNotUsedMoreOftenThanItsLimit() {
        var keys = keys(kms);
        for (int i = 0; i < 10; i++) {
            keys.useEncryptionKey();
        }
        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(keys::useEncryptionKey);
    }

    @Test
    void aServiceThatStartsWithoutItsMasterKeyEncryptsNothingUntilItIsAvailable() {
        kms.isUnavailable = true;
        var keys = keys(kms);
        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(keys::useEncryptionKey);
        kms.isUnavailable = false;
        keys.renewIfDue();
        assertThatExceptionOfType(KeysUnavailableException.class)
                .as("it is not asked again at once")
                .isThrownBy(keys::useEncryptionKey);
        now = now.plusSeconds(5);
        keys.renewIfDue();
        assertThat(keys.useEncryptionKey()).isNotNull();
    }

    @Test
    void dataOfAnotherInstanceIsDecryptedAfterOneUnwrap() {
        var box = new PersonalDataCipher(keys(kms)).encrypt(ORDER, DATA);
        var other = new PersonalDataCipher(keys(kms));
        kms.isUnavailable = true;
        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(() -> other.decrypt(ORDER, box));
        kms.isUnavailable = false;
        assertThat(other.decrypt(ORDER, box)).isEqualTo(DATA);
        kms.isUnavailable = true;
        assertThat(other.decrypt(ORDER, box)).isEqualTo(DATA);
        assertThat(kms.unwrapCount()).isEqualTo(1);
    }

    @Test
    void aNewMasterKeyReplacesTheFirstWhichCanBeRemoved() {
        var box = new PersonalDataCipher(keys(kms)).encrypt(ORDER, DATA);
        var successor = new FakeMasterKey('B');
        assertThat(new PersonalDataCipher(keys(successor, kms)).decrypt(ORDER, box))
                .isEqualTo(DATA);
        assertThat(new PersonalDataCipher(keys(successor)).decrypt(ORDER, box)).isEqualTo(DATA);
        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(() -> new PersonalDataCipher(keys(kms)).decrypt(ORDER, box))
                .withMessageContaining("which is not configured");
    }

    /// The newest key is corrupted, and the one before it is of a master key that is gone.
    @Test
    void aDataKeyThatCannotBeUnwrappedDelaysNoOther(CapturedOutput output) {
        var box = new PersonalDataCipher(keys(kms)).encrypt(ORDER, DATA);
        var ofAnother = new FakeMasterKey('C').generate(UUID.randomUUID());
        store(ofAnother);
        var corrupted = kms.generate(UUID.randomUUID());
        var bytes = corrupted.wrapped().bytes();
        bytes[bytes.length - 1] ^= 1;
        store(corrupted);

        var successor = new FakeMasterKey('B');
        assertThat(keys(successor, kms).useEncryptionKey()).isNotNull();

        assertThat(new PersonalDataCipher(keys(successor)).decrypt(ORDER, box)).isEqualTo(DATA);
        assertThat(output)
                .contains("2 data keys cannot be re-wrapped")
                .contains(corrupted.key().id() + ": the envelope of")
                .contains(ofAnother.key().id() + ": ")
                .contains("which is not configured");
    }

    @Test
    void whileTheEarlierMasterKeyIsUnavailableReWrappingEndsAtOnce(CapturedOutput output) {
        keys(kms);
        keys(kms);
        kms.isUnavailable = true;
        assertThat(keys(new FakeMasterKey('B'), kms).useEncryptionKey()).isNotNull();
        assertThat(output)
                .contains("data keys not re-wrapped by the current master key")
                .doesNotContain("cannot be re-wrapped");
    }

    private static void store(MasterKey.GeneratedDataKey generated) {
        jdbc.sql(
                        """
                        INSERT INTO data_key (id, wrapped_key, master_key_id, created_at)
                        VALUES (:id, :wrapped, :by, now() + interval '1 second')
                        """)
                .param("id", generated.key().id())
                .param("wrapped", generated.wrapped().bytes())
                .param("by", generated.wrapped().masterKeyId())
                .update();
    }

    @Test
    void aWrappedKeyCannotBeUnwrappedUnderAnotherId() {
        var one = kms.generate(UUID.randomUUID());
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> kms.unwrap(UUID.randomUUID(), one.wrapped()));
    }

    @Test
    void toStringOmitsTheKeys() {
        var bytes = new byte[DataKey.BYTES];
        Arrays.fill(bytes, (byte) 'k');
        var fresh = kms.generate(UUID.randomUUID());
        assertThat(DataKey.of(ORDER, bytes) + " " + fresh)
                .doesNotContain("kkk", "SecretKeySpec")
                .contains(ORDER.toString());
        assertThat(properties().toString()).doesNotContain("c2VjcmV0");
    }

    private DataKeys keys(MasterKey... masters) {
        var keys =
                new DataKeys(
                        new MasterKeys(List.of(masters)), jdbc, properties(), clock(() -> now));
        keys.afterSingletonsInstantiated();
        return keys;
    }

    private static PersonalDataProperties properties() {
        return new PersonalDataProperties(
                null,
                List.of("c2VjcmV0"),
                Duration.ofHours(6),
                10,
                100,
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                Duration.ZERO);
    }

    private static Clock clock(InstantSource source) {
        return source.withZone(ZoneOffset.UTC);
    }

    private static int stored() {
        return jdbc.sql("SELECT count(*) FROM data_key").query(Integer.class).single();
    }
}
