package dev.orderflow.order.personaldata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.order.domain.Delivery;
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
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class DataKeysTest {

    private static final UUID ORDER = UUID.randomUUID();
    private static final PersonalData.Held DATA =
            new PersonalData.Held(
                    new Delivery("ada@example.org", "Ada", "1 Street", "N1", "London", "GB"),
                    "pm_card_visa");

    private static JdbcClient jdbc;

    private final MasterKeyDouble kms = new MasterKeyDouble('A');
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @BeforeAll
    static void makeTheTable() {
        var database = new DriverManagerDataSource(PostgresFixture.createDatabase());
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/order-service")
                .load()
                .migrate();
        jdbc = JdbcClient.create(database);
    }

    @BeforeEach
    void forgetAllKeys() {
        jdbc.sql("DELETE FROM data_key").update();
    }

    @Test
    void manyOrdersShareADataKeyAndNoneAsksTheMasterKey() {
        var keys = keys(kms);
        var seal = new Seal(keys);
        kms.away = true;
        var first = seal.seal(ORDER, DATA);
        var second = seal.seal(ORDER, DATA);
        assertThat(SealedBox.keyOf(first)).isEqualTo(SealedBox.keyOf(second));
        assertThat(seal.open(ORDER, first)).isEqualTo(DATA);
        assertThat(kms.unwrapped()).isZero();
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void aKeyIsRenewedAtHalfItsLifetime() {
        var keys = keys(kms);
        var first = keys.forSealing();
        now = now.plus(Duration.ofHours(3));
        keys.renewInTime();
        var second = keys.forSealing();
        keys.renewInTime();
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(keys.forSealing().id()).isEqualTo(second.id());
        assertThat(keys.forOpening(first.id())).isEqualTo(first);
    }

    @Test
    void aKeyIsRenewedAtHalfItsUses() {
        var keys = keys(kms);
        var first = keys.forSealing();
        for (int i = 0; i < 5; i++) {
            assertThat(keys.forSealing().id()).isEqualTo(first.id());
        }
        keys.renewInTime();
        assertThat(keys.forSealing().id()).isNotEqualTo(first.id());
    }

    @Test
    void whileTheMasterKeyIsAwayAKeyIsUsedUpToItsBoundsAndNotBeyond() {
        var keys = keys(kms);
        kms.away = true;
        now = now.plus(Duration.ofHours(6).minusSeconds(1));
        keys.renewInTime();
        keys.forSealing();
        now = now.plusSeconds(1);
        keys.renewInTime();
        assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(keys::forSealing);
        kms.away = false;
        now = now.plusSeconds(5);
        keys.renewInTime();
        assertThat(keys.forSealing()).isNotNull();
    }

    @Test
    void aMeterTellsThatAKeyShouldHaveBeenRenewedAndThatItHas() {
        var meters = new SimpleMeterRegistry();
        var keys = keys(kms);
        keys.bindTo(meters);
        var overdue = meters.get("personal.data.key.overdue").gauge();
        assertThat(overdue.value()).isZero();
        kms.away = true;
        now = now.plus(Duration.ofHours(3));
        keys.renewInTime();
        assertThat(overdue.value()).isEqualTo(1);
        kms.away = false;
        now = now.plusSeconds(5);
        keys.renewInTime();
        assertThat(overdue.value()).isZero();
    }

    @Test
    void aKeyIsNotUsedMoreOftenThanItMayBe() {
        var keys = keys(kms);
        for (int i = 0; i < 10; i++) {
            keys.forSealing();
        }
        assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(keys::forSealing);
    }

    @Test
    void aServiceThatStartsWithoutItsMasterKeySealsNothingUntilItIsBack() {
        kms.away = true;
        var keys = keys(kms);
        assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(keys::forSealing);
        kms.away = false;
        keys.renewInTime();
        assertThatExceptionOfType(KeysUnavailableException.class)
                .as("it is not asked again at once")
                .isThrownBy(keys::forSealing);
        now = now.plusSeconds(5);
        keys.renewInTime();
        assertThat(keys.forSealing()).isNotNull();
    }

    @Test
    void whatAnotherInstanceSealedIsOpenedAfterOneQuestion() {
        var box = new Seal(keys(kms)).seal(ORDER, DATA);
        var other = new Seal(keys(kms));
        kms.away = true;
        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(() -> other.open(ORDER, box));
        kms.away = false;
        assertThat(other.open(ORDER, box)).isEqualTo(DATA);
        kms.away = true;
        assertThat(other.open(ORDER, box)).isEqualTo(DATA);
        assertThat(kms.unwrapped()).isEqualTo(1);
    }

    @Test
    void anotherMasterKeyTakesOverAndTheFirstCanBeGivenUp() {
        var box = new Seal(keys(kms)).seal(ORDER, DATA);
        var successor = new MasterKeyDouble('B');
        assertThat(new Seal(keys(successor, kms)).open(ORDER, box)).isEqualTo(DATA);
        assertThat(new Seal(keys(successor)).open(ORDER, box)).isEqualTo(DATA);
        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(() -> new Seal(keys(kms)).open(ORDER, box))
                .withMessageContaining("which is not configured");
    }

    @Test
    void aWrappedKeyInThePlaceOfAnotherDoesNotUnwrap() {
        var one = kms.generate(UUID.randomUUID());
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> kms.unwrap(UUID.randomUUID(), one.wrapped()));
    }

    @Test
    void noKeyIsPrinted() {
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
