package dev.orderflow.order.catalogue;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.orderflow.contracts.value.Sku;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// The catalogue with a short-lived cache of articles.
@Component
public class Catalogue {

    /// Bounds the memory: articles beyond this number are read again.
    private static final int MAX_CACHED_ARTICLES = 10_000;

    private final Articles articles;
    private final Cache<Sku, Article> cache;

    @Autowired
    Catalogue(Articles articles, CatalogueProperties properties) {
        this(articles, properties, Ticker.systemTicker());
    }

    Catalogue(Articles articles, CatalogueProperties properties, Ticker ticker) {
        this.articles = articles;
        this.cache =
                Caffeine.newBuilder()
                        .maximumSize(MAX_CACHED_ARTICLES)
                        .expireAfterWrite(properties.priceCacheTtl())
                        .ticker(ticker)
                        .build();
    }

    /// Finds articles by SKU; unknown SKUs are left out. An unknown SKU is not cached, so a new
    /// article is sold at once.
    public Map<Sku, Article> find(Collection<Sku> skus) {
        return cache.getAll(skus, this::read);
    }

    private Map<Sku, Article> read(Collection<? extends Sku> skus) {
        return articles.find(List.copyOf(skus)).stream()
                .collect(Collectors.toMap(Article::sku, Function.identity()));
    }

    /// Lists articles, sorted by SKU, without the cache.
    ///
    /// @param after returns only articles with a greater SKU
    public List<Article> findAfter(Optional<Sku> after, int limit) {
        return articles.findAfter(after, limit);
    }

    /// Adds an article, or changes its name and price for later orders.
    public void put(Article article) {
        articles.put(article);
        cache.invalidate(article.sku());
    }
}
