package dev.orderflow.order.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.Sku;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CatalogueTest {

    private static final Sku MUG = new Sku("MUG");
    private static final Sku CUP = new Sku("CUP");

    private final InMemoryArticles shelf = new InMemoryArticles();
    private final ManualClock clock = new ManualClock();
    private final Catalogue catalogue =
            new Catalogue(shelf, clock, new CatalogueProperties(Duration.ofSeconds(2)));

    @Test
    void aPriceIsReadOnceWhileItIsFresh() {
        shelf.put(article(MUG, "1.00"));
        catalogue.find(List.of(MUG));
        clock.now = clock.now.plusMillis(1_999);
        assertThat(catalogue.find(List.of(MUG))).containsOnlyKeys(MUG);
        assertThat(shelf.looks).hasSize(1);
    }

    @Test
    void aPriceChangedElsewhereHoldsAfterTheStatedTime() {
        shelf.put(article(MUG, "1.00"));
        catalogue.find(List.of(MUG));
        shelf.put(article(MUG, "2.00"));
        clock.now = clock.now.plusSeconds(2);
        assertThat(catalogue.find(List.of(MUG)).get(MUG).price())
                .isEqualTo(Money.of("2.00", "EUR"));
    }

    @Test
    void aPriceChangedHereHoldsAtOnce() {
        catalogue.put(article(MUG, "1.00"));
        catalogue.find(List.of(MUG));
        catalogue.put(article(MUG, "2.00"));
        assertThat(catalogue.find(List.of(MUG)).get(MUG).price())
                .isEqualTo(Money.of("2.00", "EUR"));
    }

    @Test
    void onlyWhatIsNotRememberedIsReadAndInOneLook() {
        shelf.put(article(MUG, "1.00"));
        shelf.put(article(CUP, "1.00"));
        catalogue.find(List.of(MUG));
        assertThat(catalogue.find(List.of(MUG, CUP))).containsOnlyKeys(MUG, CUP);
        assertThat(shelf.looks).containsExactly(List.of(MUG), List.of(CUP));
    }

    @Test
    void anArticleThatWasMissingIsSoldAsSoonAsItIsThere() {
        assertThat(catalogue.find(List.of(MUG))).isEmpty();
        shelf.put(article(MUG, "1.00"));
        assertThat(catalogue.find(List.of(MUG))).containsOnlyKeys(MUG);
    }

    @Test
    void noPriceIsBeyondWhatTheGatewayChargesAtOnce() {
        article(MUG, "999999.99");
        assertThatIllegalArgumentException().isThrownBy(() -> article(MUG, "1000000"));
        assertThatIllegalArgumentException().isThrownBy(() -> article(MUG, "0.00"));
    }

    private static Article article(Sku sku, String price) {
        return new Article(sku, "An article", Money.of(price, "EUR"));
    }

    private static final class InMemoryArticles implements Articles {

        private final Map<Sku, Article> articles = new HashMap<>();
        private final List<List<Sku>> looks = new ArrayList<>();

        @Override
        public List<Article> find(Collection<Sku> wanted) {
            looks.add(List.copyOf(wanted));
            return wanted.stream().filter(articles::containsKey).map(articles::get).toList();
        }

        @Override
        public List<Article> findAfter(Optional<Sku> after, int limit) {
            return List.of();
        }

        @Override
        public void put(Article article) {
            articles.put(article.sku(), article);
        }
    }

    private static final class ManualClock extends Clock {

        private Instant now = Instant.parse("2026-11-20T10:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
