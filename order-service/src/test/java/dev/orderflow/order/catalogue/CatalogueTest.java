package dev.orderflow.order.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.Sku;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CatalogueTest {

    private static final Sku MUG = new Sku("MUG");
    private static final Sku CUP = new Sku("CUP");

    private final InMemoryArticles articles = new InMemoryArticles();
    private final AtomicLong nanos = new AtomicLong();
    private final Catalogue catalogue =
            new Catalogue(articles, new CatalogueProperties(Duration.ofSeconds(2)), nanos::get);

    @Test
    void aPriceIsReadOnceWithinTheCacheTtl() {
        articles.put(article(MUG, "1.00"));
        catalogue.find(List.of(MUG));
        advance(Duration.ofMillis(1_999));
        assertThat(catalogue.find(List.of(MUG))).containsOnlyKeys(MUG);
        assertThat(articles.queries).hasSize(1);
    }

    @Test
    void aPriceChangedByAnotherInstanceAppliesAfterTheCacheTtl() {
        articles.put(article(MUG, "1.00"));
        catalogue.find(List.of(MUG));
        articles.put(article(MUG, "2.00"));
        advance(Duration.ofSeconds(2));
        assertThat(catalogue.find(List.of(MUG)).get(MUG).unitPrice())
                .isEqualTo(Money.of("2.00", "EUR"));
    }

    @Test
    void aPriceChangedByThisInstanceAppliesAtOnce() {
        catalogue.put(article(MUG, "1.00"));
        catalogue.find(List.of(MUG));
        catalogue.put(article(MUG, "2.00"));
        assertThat(catalogue.find(List.of(MUG)).get(MUG).unitPrice())
                .isEqualTo(Money.of("2.00", "EUR"));
    }

    @Test
    void onlyUncachedArticlesAreReadAndInOneQuery() {
        articles.put(article(MUG, "1.00"));
        articles.put(article(CUP, "1.00"));
        catalogue.find(List.of(MUG));
        assertThat(catalogue.find(List.of(MUG, CUP))).containsOnlyKeys(MUG, CUP);
        assertThat(articles.queries).containsExactly(Set.of(MUG), Set.of(CUP));
    }

    @Test
    void anUnknownArticleIsNotCachedAndIsSoldAsSoonAsItExists() {
        assertThat(catalogue.find(List.of(MUG))).isEmpty();
        articles.put(article(MUG, "1.00"));
        assertThat(catalogue.find(List.of(MUG))).containsOnlyKeys(MUG);
    }

    @Test
    void aPriceOutsideTheGatewaysChargeLimitsIsRefused() {
        article(MUG, "999999.99");
        assertThatIllegalArgumentException().isThrownBy(() -> article(MUG, "1000000"));
        assertThatIllegalArgumentException().isThrownBy(() -> article(MUG, "0.00"));
    }

    private void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static Article article(Sku sku, String price) {
        return new Article(sku, "An article", Money.of(price, "EUR"));
    }

    private static final class InMemoryArticles implements Articles {

        private final Map<Sku, Article> articles = new HashMap<>();
        private final List<Set<Sku>> queries = new ArrayList<>();

        @Override
        public List<Article> find(Collection<Sku> skus) {
            queries.add(Set.copyOf(skus));
            return skus.stream().filter(articles::containsKey).map(articles::get).toList();
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
}
